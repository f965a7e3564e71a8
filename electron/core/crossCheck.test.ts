import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareMeters, crossCheckSentence, type Metered } from './crossCheck.ts';
import type { EnergySample, MeterInfo, RailEnergy } from './meter.ts';

const info = (name: string, counters = false): MeterInfo => ({
  kind: counters ? 'ioreport' : 'macmon',
  name,
  rails: ['cpu', 'gpu'],
  boundary: 'soc',
  estimate: false,
  counters,
});

/** Samples of a power that changes with time, W by rail, between two times. */
function metered(
  name: string,
  [fromS, toS, cadenceS]: readonly [number, number, number],
  watts: (atS: number) => RailEnergy,
): Metered {
  const samples: EnergySample[] = [];
  for (let startS = fromS; startS + cadenceS <= toS + 1e-9; startS += cadenceS) {
    const energyJ: RailEnergy = {};
    const slices = 20;
    for (let i = 0; i < slices; i++) {
      for (const [rail, power] of Object.entries(watts(startS + ((i + 0.5) * cadenceS) / slices))) {
        const key = rail as keyof RailEnergy;
        energyJ[key] = (energyJ[key] ?? 0) + (power * cadenceS) / slices;
      }
    }
    samples.push({ startS, endS: startS + cadenceS, energyJ });
  }
  return { info: info(name, name === 'IOReport'), samples };
}

/** Idle for a second, then busy. */
const load =
  (factor = 1) =>
  (atS: number): RailEnergy => ({
    cpu: factor * (atS < 1 ? 0.5 : 6),
    gpu: factor * (atS < 1 ? 0.1 : 12),
  });

describe('two meters over the same time', () => {
  test('that read the same agree, whatever their cadence', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.3, noNaN: true }),
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (own, other, lateS) => {
          const check = compareMeters(
            metered('IOReport', [0, 4, own], load()),
            metered('macmon', [lateS, 3.5, other], load()),
          )!;
          expect(check.agrees).toBe(true);
          expect(check.rails.map(({ rail }) => rail)).toEqual(['cpu', 'gpu']);
        },
      ),
    );
  });

  test('of which one counts a rail twice do not, and the sentence names the rail', () => {
    const check = compareMeters(
      metered('IOReport', [0, 4, 0.1], load()),
      metered('macmon', [0, 4, 0.2], (atS) => ({ ...load()(atS), gpu: 2 * load()(atS).gpu! })),
    )!;
    expect(check).toMatchObject({ agrees: false, with: 'macmon' });
    expect(check.rails.map(({ rail, agrees }) => [rail, agrees])).toEqual([
      ['cpu', true],
      ['gpu', false],
    ]);
    const sentence = crossCheckSentence(check);
    expect(sentence).toContain('CPU 1 ×, GPU 9 W against 18 W');
    expect(sentence).toContain('do not agree');
  });

  test('differ at idle by nothing that matters', () => {
    const check = compareMeters(
      metered('IOReport', [0, 3, 0.1], () => ({ cpu: 0.03, ane: 0 })),
      metered('powermetrics', [0, 3, 0.2], () => ({ cpu: 0.045, ane: 0.001 })),
    )!;
    expect(check.agrees).toBe(true);
    expect(crossCheckSentence(check)).toContain('ANE idle in both');
  });

  test('one that publishes every 2 s is not blamed for its edges', () => {
    const own = metered('IOReport', [0, 8, 2], load());
    const readOften = own.samples.flatMap(({ startS, energyJ }) =>
      Array.from({ length: 10 }, (_, i) => ({
        startS: startS + i * 0.2,
        endS: startS + (i + 1) * 0.2,
        energyJ: i === 9 ? energyJ : { cpu: 0, gpu: 0 },
      })),
    );
    const check = compareMeters(
      { ...own, samples: readOften },
      metered('powermetrics', [0.4, 4.8, 0.2], load()),
    )!;
    expect(check.agrees).toBe(true);
    expect(check.rails[0]!.plusMinusJ).toBeGreaterThan(3);
  });
});

describe('the machine', () => {
  const machine = (watts: number): Metered => metered('macmon', [0, 4, 0.2], () => ({ machine: watts }));
  const parts = metered('IOReport', [0, 4, 0.1], () => ({ cpu: 6, gpu: 12, dram: 2 }));

  test('draws more than its parts', () => {
    const check = compareMeters(parts, machine(31))!;
    expect(check).toMatchObject({ agrees: true, rails: [], machine: { agrees: true } });
    expect(check.machine!.partsJ / check.lengthS).toBeCloseTo(20, 6);
    expect(crossCheckSentence(check)).toContain("the parts 20 W of the machine's 31 W");
  });

  test('or one of the two is wrong', () => {
    expect(compareMeters(parts, machine(12))).toMatchObject({ agrees: false, machine: { agrees: false } });
  });
});

test('without a common time, a common rail or a covered one there is nothing to compare', () => {
  const own = metered('IOReport', [0, 4, 0.1], () => ({ cpu: 6 }));
  const other = metered('macmon', [0, 4, 0.2], () => ({ cpu: 6 }));
  expect(
    compareMeters(
      own,
      metered('macmon', [10, 14, 0.2], () => ({ cpu: 6 })),
    ),
  ).toBeUndefined();
  expect(
    compareMeters(
      own,
      metered('macmon', [0, 4, 0.2], () => ({ gpu: 6 })),
    ),
  ).toBeUndefined();
  expect(compareMeters(own, { ...other, samples: [] })).toBeUndefined();
  const gap = other.samples.filter((_, i) => i < 5 || i > 10);
  expect(compareMeters(own, { ...other, samples: gap })).toBeUndefined();
});
