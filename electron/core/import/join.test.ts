import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyIn, type Span } from '../meter.ts';
import { overlapping } from '../rails.ts';
import { deviationOf, piecesOf, shareOut, spanOf, withEnergy, type RequestEnergy } from './join.ts';
import type { Observation } from './observation.ts';

const samples = Array.from({ length: 40 }, (_, i) => ({
  startS: i * 0.5,
  endS: (i + 1) * 0.5,
  energyJ: { gpu: 50 + 10 * (i % 7) },
}));
const share = (requests: readonly Span[]): RequestEnergy[] => {
  const pieces = piecesOf(requests);
  return shareOut(
    pieces,
    pieces.spans.map((span) => energyIn(samples, span)),
  );
};
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 1, max: 90 }))
    .map(([start, length]) => ({ startS: start / 10, endS: (start + length) / 10 })),
  { minLength: 1, maxLength: 12 },
);

describe('energy of requests', () => {
  test('one after the other: that of each span', () => {
    const requests = [
      { startS: 1, endS: 2.25 },
      { startS: 3, endS: 7 },
    ];
    share(requests).forEach((found, i) => {
      const alone = energyIn(samples, requests[i]!);
      expect(found.energyJ.gpu).toBeCloseTo(alone.energyJ.gpu!, 9);
      expect(found.coverage).toBeCloseTo(1, 9);
      expect(found.concurrency).toBe(1);
    });
  });

  test('at the same time: an equal share each', () => {
    const [a, b, c] = share([
      { startS: 0, endS: 10 },
      { startS: 0, endS: 10 },
      { startS: 5, endS: 10 },
    ]) as [RequestEnergy, RequestEnergy, RequestEnergy];
    const first = energyIn(samples, { startS: 0, endS: 5 }).energyJ.gpu!;
    const second = energyIn(samples, { startS: 5, endS: 10 }).energyJ.gpu!;
    expect(a.energyJ.gpu).toBeCloseTo(first / 2 + second / 3, 9);
    expect(b.energyJ.gpu).toBe(a.energyJ.gpu);
    expect(c.energyJ.gpu).toBeCloseTo(second / 3, 9);
    expect(a.concurrency).toBeCloseTo(2.5, 9);
    expect(c.concurrency).toBe(3);
  });

  test('nothing is lost or counted twice, however requests overlap', () => {
    fc.assert(
      fc.property(spans, (requests) => {
        const pieces = piecesOf(requests);
        const whole = pieces.spans.reduce((sum, span) => sum + (energyIn(samples, span).energyJ.gpu ?? 0), 0);
        const shared = share(requests).reduce((sum, { energyJ }) => sum + (energyJ.gpu ?? 0), 0);
        expect(shared).toBeCloseTo(whole, 6);
        const length = pieces.spans.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
        const flights = pieces.spans.reduce(
          (sum, { startS, endS }, i) => sum + pieces.inFlight[i]! * (endS - startS),
          0,
        );
        expect(flights).toBeCloseTo(
          requests.reduce((sum, { startS, endS }) => sum + endS - startS, 0),
          6,
        );
        expect(length).toBeLessThanOrEqual(flights + 1e-9);
      }),
    );
  });

  test('time without samples lowers the coverage, and a rail that is missing somewhere is absent', () => {
    const [beyond, empty] = share([
      { startS: 15, endS: 25 },
      { startS: 30, endS: 31 },
    ]) as [RequestEnergy, RequestEnergy];
    expect(beyond.coverage).toBeCloseTo(0.5, 9);
    expect(empty).toMatchObject({ energyJ: {}, coverage: 0, samples: 0 });
    const pieces = piecesOf([
      { startS: 0, endS: 2 },
      { startS: 0, endS: 1 },
    ]);
    const [both] = shareOut(pieces, [
      { energyJ: { gpu: 4, cpu: 2 }, coverage: 1, samples: 1 },
      { energyJ: { gpu: 6 }, coverage: 1, samples: 1 },
    ]);
    expect(both!.energyJ).toEqual({ gpu: 8 });
  });

  test('a request without a length has none', () => {
    expect(share([{ startS: 1, endS: 1 }])[0]).toMatchObject({ energyJ: {}, coverage: 0, concurrency: 1 });
  });
});

describe('an observation beside power logs', () => {
  const row: Observation = { row: 1, trials: 1, energyJ: {}, m: 8, n: 8, startS: 0, endS: 1 };
  const energy = (energyJ: RequestEnergy['energyJ'], coverage = 1, concurrency = 1): RequestEnergy => ({
    energyJ,
    coverage,
    concurrency,
    samples: 1,
  });

  test('gets the rails of all, the least coverage, and the mean of requests in flight as its batch', () => {
    expect(
      withEnergy(row, [
        { rails: ['gpu'], energy: energy({ gpu: 5 }, 0.99, 2.5) },
        { rails: ['package'], energy: energy({ package: 3 }, 0.9, 2.5) },
        { rails: ['gpu'], energy: energy({ gpu: 7 }) },
      ]),
    ).toEqual({ ...row, energyJ: { gpu: 12, package: 3 }, coverage: 0.9, batch: 2.5 });
  });

  test('keeps what it has, and takes nothing that holds it already', () => {
    const own = { ...row, energyJ: { gpu: 5, cpu: 1 } };
    expect(withEnergy(own, [{ rails: ['gpu'], energy: energy({ gpu: 9 }) }])).toBe(own);
    expect(withEnergy(own, [{ rails: ['package'], energy: energy({ package: 9 }) }])).toBe(own);
    expect(withEnergy(own, [{ rails: ['machine'], energy: energy({ machine: 9 }) }])).toBe(own);
    expect(withEnergy(own, [{ rails: ['dram'], energy: energy({ dram: 2 }, 0.5) }])).toBe(own);
    expect(withEnergy(own, [{ rails: ['dram'], energy: energy({ dram: 2 }) }]).energyJ).toEqual({
      gpu: 5,
      cpu: 1,
      dram: 2,
    });
  });

  test('tells how far its own energy is from the log’s', () => {
    const own = { ...row, energyJ: { gpu: 10 } };
    expect(deviationOf(own, { rails: ['gpu'], energy: energy({ gpu: 11 }) })).toBeCloseTo(0.1, 9);
    expect(deviationOf(own, { rails: ['gpu'], energy: energy({ gpu: 11 }, 0.5) })).toBeUndefined();
    expect(deviationOf(row, { rails: ['gpu'], energy: energy({ gpu: 11 }) })).toBeUndefined();
  });

  test('has a span by two of start, end and runtime', () => {
    expect(spanOf(row)).toEqual({ startS: 0, endS: 1 });
    const { startS, endS, ...bare } = row;
    expect(spanOf({ ...bare, startS: startS!, runtimeS: 3 })).toEqual({ startS: 0, endS: 3 });
    expect(spanOf({ ...bare, endS: endS!, runtimeS: 3 })).toEqual({ startS: -2, endS: 1 });
    expect(spanOf({ ...bare, runtimeS: 3 })).toBeUndefined();
    expect(spanOf({ ...bare, startS: 2, endS: 1 })).toBeUndefined();
  });

  test('rails that hold one another overlap', () => {
    expect(overlapping('package', 'cpu')).toBe(true);
    expect(overlapping('dram', 'machine')).toBe(true);
    expect(overlapping('wall', 'machine')).toBe(true);
    expect(overlapping('gpu', 'package')).toBe(false);
  });
});
