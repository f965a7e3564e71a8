import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { START_SETTINGS } from '../study.ts';
import { prepareJoint, type JointSettings } from './jointSetUp.ts';
import { policyLoad, utilisationAt } from './policyLoad.ts';
import { ruleTotals, tableCostForm, type Rule } from './rules.ts';

const settings = START_SETTINGS as JointSettings;
const { problem } = prepareJoint(settings, {
  small: bundledProfile(settings.small),
  large: bundledProfile(settings.large),
  workload: bundledWorkload('gsm8k'),
});
const { table } = problem;
const form = tableCostForm(table, 1, 'raw');

test('a single system carries its devices over its mean runtime', () => {
  const single: Rule = { policy: 'single', system: 1 };
  const load = policyLoad(table, single, form, [3, 2]);
  const meanS = ruleTotals(table, single, form).runtimeS / table.pairs.queries;
  expect(load.mostPerS).toBeCloseTo(2 / meanS, 9);
  expect(load.first).toBe(1);
  expect(load.systems[0]).toEqual({ devices: 3, queries: 0, busyS: 0, mostPerS: Infinity });
  expect(utilisationAt(load.systems[0]!, load.mostPerS)).toBe(0);
});

test('at the most that a rule carries, the first system is just always busy, and no other is overrun', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 500 }),
      (small, large, threshold) => {
        const rule: Rule = { policy: 'threshold-out', thresholds: [threshold] };
        const { systems, mostPerS, first } = policyLoad(table, rule, form, [small, large]);
        const used = systems.map((system) => utilisationAt(system, mostPerS)!);
        expect(used[first]).toBeCloseTo(1, 9);
        expect(Math.max(...used)).toBeLessThanOrEqual(1 + 1e-9);
        expect(systems[0]!.queries + systems[1]!.queries).toBeCloseTo(1, 9);
        const total = systems[0]!.busyS + systems[1]!.busyS;
        expect(total).toBeCloseTo(ruleTotals(table, rule, form).runtimeS / table.pairs.queries, 6);
      },
    ),
  );
});

test('a system without devices that a rule needs carries nothing', () => {
  const load = policyLoad(table, { policy: 'threshold-out', thresholds: [150] }, form, [0, 4]);
  expect([load.mostPerS, load.first, utilisationAt(load.systems[0]!, 1)]).toEqual([0, 0, null]);
});
