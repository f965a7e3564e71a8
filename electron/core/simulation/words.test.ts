import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { analyse, START_SETTINGS, type StudyInputs, type StudySettings } from '../study.ts';
import { parseOperation } from './operation.ts';
import { simulate } from './simulate.ts';
import { carriedOf, carriedText } from './words.ts';

const inputs: StudyInputs = {
  small: bundledProfile('m1-pro.llama-2-7b.sweeps'),
  large: bundledProfile('swing-a100.llama-2-7b.sweeps'),
  workload: bundledWorkload('alpaca-davinci'),
};
const labels = { small: 'M1 Pro', large: 'A100' };
const asked = parseOperation({ small: { devices: 9 }, large: { devices: 9 }, queries: 100, repeats: 2 });

function told(changes: Partial<StudySettings>): string {
  const settings = { ...START_SETTINGS, ...changes };
  const { verdict } = analyse(settings, inputs);
  return carriedText(simulate(settings, inputs, asked), labels, carriedOf(settings, verdict), verdict);
}

test("what is carried out is said with its reason: the verdict's policy, a choice, or a threshold that is not useful", () => {
  expect(told({})).toBe(
    'What is carried out is the policy of the verdict: input × output tokens of at most 1264 to the M1 Pro.',
  );
  expect(told({ chosen: { policy: 'large' } })).toBe(
    'What is carried out is the policy that you settled on: everything to the A100.',
  );
  expect(told({ minSaving: 0.5 })).toBe(
    'The verdict is that no threshold is useful: it sends everything to the A100, which stands beside. What is carried ' +
      'out first is the best threshold all the same, to show what it would ask of the devices: input × output tokens of ' +
      'at most 1264 to the M1 Pro.',
  );
});
