import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { analyse, parseSettings, type StudySettings } from '../study.ts';
import { chosenRule, toChosen } from './chosenPolicy.ts';
import { isJoint, jointSetUp, prepareJoint, type JointSettings } from './jointSetUp.ts';
import { policyChoice } from './policyChoice.ts';
import { ruleTotals } from './rules.ts';

const joint = parseSettings({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
  energyModel: 'grid',
  policy: 'all',
  thresholds: 'every-integer',
}) as JointSettings;
const inputs = {
  small: bundledProfile(joint.small),
  large: bundledProfile(joint.large),
  workload: bundledWorkload(joint.workload),
};
const changed = (changes: Partial<StudySettings>): StudySettings => ({ ...joint, ...changes });

describe('a policy that was settled on', () => {
  test('is judged, told and listed in place of the best', () => {
    const chosen = { policy: 'threshold-both', threshold: 32, outputThreshold: 64 } as const;
    const result = analyse(changed({ chosen }), inputs);
    const { problem, form } = jointSetUp(joint, inputs);
    const totals = ruleTotals(problem.table, chosenRule(chosen), form);
    const outcome = result.policies.find((policy) => policy.chosen);
    expect(outcome).toMatchObject({ ...chosen, energyJ: totals.energyJ, runtimeS: totals.runtimeS });
    expect(result.verdict).toMatchObject({ ...chosen, kind: 'threshold' });
    expect(result.verdict.text).toContain(
      'As you chose: send queries with at most 32 input and at most 64 output',
    );
    expect(result.verdict.text).toContain(
      'The best threshold, input × output tokens of at most 1264, would save 3.4%',
    );
    // the family's own best stays in the list
    expect(result.policies.filter(({ policy }) => policy === 'threshold-both')).toHaveLength(2);
  });

  test('that is the best anyway is marked, not listed twice', () => {
    const result = analyse(changed({ chosen: { policy: 'threshold-product', product: 1264 } }), inputs);
    expect(result.policies.filter(({ policy }) => policy === 'threshold-product')).toMatchObject([
      { chosen: true, product: 1264 },
    ]);
    expect(result.verdict.text).toContain('No threshold does better');
  });

  test('can be a single system, whose price is told', () => {
    const { verdict } = analyse(changed({ chosen: { policy: 'small' } }), inputs);
    expect(verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'small', threshold: null });
    expect(verdict.text).toMatch(
      /^As you chose: send every query to the M1 Pro\. That uses 18\.7% more energy/,
    );
  });

  test('under the paper’s model lies on its axis', () => {
    const paper = { energyModel: 'paper', policy: 'threshold-in', thresholds: 'powers-of-two' } as const;
    const result = analyse(changed({ ...paper, chosen: { policy: 'threshold-in', threshold: 20 } }), inputs);
    expect(result.verdict).toMatchObject({ policy: 'threshold-in', threshold: 20 });
    expect(result.policies.find((policy) => policy.chosen)!.energyJ).toBeGreaterThan(
      result.policies.find(({ threshold }) => threshold === 32)!.energyJ,
    );
    expect(() =>
      analyse(changed({ ...paper, chosen: { policy: 'threshold-product', product: 9 } }), inputs),
    ).toThrow(/looks at one axis at a time, and has no policy "threshold-product" to settle on/);
  });

  test('becomes a rule and comes back the same', () => {
    const tokens = fc.integer({ min: -1, max: 5000 });
    const chosen = fc.oneof(
      fc.constantFrom({ policy: 'small' } as const, { policy: 'large' } as const),
      fc.record({
        policy: fc.constantFrom('threshold-in' as const, 'threshold-out' as const),
        threshold: tokens,
      }),
      fc.record({
        policy: fc.constant('threshold-both' as const),
        threshold: tokens,
        outputThreshold: tokens,
      }),
      fc.record({
        policy: fc.constant('threshold-product' as const),
        product: fc.integer({ min: -1, max: 9e9 }),
      }),
    );
    fc.assert(
      fc.property(chosen, (each) => {
        expect(toChosen(policyChoice(chosenRule(each)))).toEqual(each);
      }),
    );
    expect(toChosen({ policy: 'oracle', threshold: null })).toBeUndefined();
  });
});

describe('a study prepared once', () => {
  test('gives at every λ, form and policy what it gives anew', () => {
    const prepared = prepareJoint(joint, inputs);
    for (const changes of [
      { lambda: 0.3 },
      { lambda: 0.9, cost: 'normalised' },
      { policy: 'threshold-in' },
      { thresholds: 'powers-of-two' },
      { chosen: { policy: 'threshold-out', threshold: 40 } },
    ] as const) {
      const settings = changed(changes);
      expect(analyse(settings, inputs, prepared)).toEqual(analyse(settings, inputs));
    }
  });

  test('for another model or boundary is not used', () => {
    const prepared = prepareJoint(joint, inputs);
    const settings = changed({ energyModel: 'physical' });
    expect(isJoint(settings)).toBe(true);
    expect(analyse(settings, inputs, prepared)).toEqual(analyse(settings, inputs));
  });
});
