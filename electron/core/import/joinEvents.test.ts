import { expect, test } from 'vitest';
import { eventObservations, joinEvents } from './joinEvents.ts';
import type { Observation } from './observation.ts';

const row = (index: number, phase: string, runtimeS: number, gpu?: number): Observation => ({
  row: index,
  trials: 1,
  phase,
  runtimeS,
  m: 8,
  n: 8,
  energyJ: gpu === undefined ? {} : { gpu },
});
const events = {
  'inference-A-8': { samples: 10, durationS: 2, energyJ: { gpu: 20, cpu: 4 } },
  'inference-B-8': { samples: 10, durationS: 3, energyJ: { gpu: 30, cpu: 6 } },
};

test('rows get the energy and the coverage of the event that they are named after', () => {
  const { observations, matched, findings } = joinEvents(
    [row(1, 'inference-A-8', 2.5), row(2, 'tokenizer', 1, 9), row(3, 'inference-B-8', 3)],
    events,
    'power.csv',
  );
  expect(matched).toBe(2);
  expect(observations.map(({ energyJ, coverage }) => ({ energyJ, coverage }))).toEqual([
    { energyJ: { gpu: 20, cpu: 4 }, coverage: 0.8 },
    { energyJ: { gpu: 9 }, coverage: undefined },
    { energyJ: { gpu: 30, cpu: 6 }, coverage: 1 },
  ]);
  expect(findings.map(({ kind }) => kind)).toEqual(['events-joined']);
});

test('an energy of the whole machine gives way to those of its parts, and is not added to them', () => {
  const whole = { ...row(1, 'inference-A-8', 2), energyJ: { machine: 30, wall: 40 } };
  const { observations } = joinEvents([whole], events, 'power.csv');
  expect(observations[0]!.energyJ).toEqual({ gpu: 20, cpu: 4 });
});

test('of several runs in a table, that one is taken whose energies are the log’s', () => {
  const { observations } = joinEvents(
    [
      row(1, 'inference-A-8', 4, 25),
      row(2, 'inference-A-8', 2, 20.0000001),
      row(3, 'inference-A-8', 2, 20.5),
    ],
    events,
    'power.csv',
  );
  expect(observations.map(({ coverage }) => coverage)).toEqual([undefined, 1, undefined]);
});

test('a table that is of another run is told', () => {
  const { observations, findings } = joinEvents([row(1, 'inference-A-8', 2, 25)], events, 'power.csv');
  expect(observations[0]!.energyJ.gpu).toBe(20);
  expect(findings.find(({ kind }) => kind === 'power-log-differs')!.message).toContain('20.0%');
});

test('without a common event nothing changes', () => {
  const rows = [row(1, 'other', 2, 25)];
  expect(joinEvents(rows, events, 'power.csv')).toEqual({ observations: rows, matched: 0, findings: [] });
});

test('events alone are observations without tokens', () => {
  expect(eventObservations(events)[1]).toEqual({
    row: 2,
    phase: 'inference-B-8',
    energyJ: { gpu: 30, cpu: 6 },
    runtimeS: 3,
    trials: 1,
  });
});
