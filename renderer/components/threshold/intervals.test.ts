import { expect, test } from 'vitest';
import { WHOLE_WORKLOAD } from '#core/displayUnits';
import { parseSettings } from '#core/study';
import { analyseWithUncertainty } from '#core/studyUncertainty';
import { bundledProfile, bundledWorkload } from '../../../electron/test/bundled.ts';
import { intervalLines, knownIntervals, thresholdRange } from './intervals.ts';

const settings = parseSettings({
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'gsm8k',
  energyModel: 'grid',
  policy: 'all',
  thresholds: 'every-integer',
  bootstrap: 40,
});
const { uncertainty, policies } = analyseWithUncertainty(settings, {
  small: bundledProfile(settings.small),
  large: bundledProfile(settings.large),
  workload: bundledWorkload(settings.workload),
});
const of = (policy: string) => policies.find((each) => each.policy === policy)!;

test('a policy of the list tells its intervals, a threshold where the best of its kind lies', () => {
  const lines = intervalLines(uncertainty, of('threshold-both'), WHOLE_WORKLOAD);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^95%: saves −?[\d.]+% to −?[\d.]+% against the better single system$/);
  expect(lines[1]).toMatch(/^95%: energy [\d.]+ kWh to [\d.]+ kWh, runtime [\d.]+ h to [\d.]+ h$/);
  expect(lines[2]).toMatch(/^95%: the best of its kind lies at T_in \d+ to \d+, T_out \d+ to \d+$/);
  expect(thresholdRange(knownIntervals(uncertainty, of('threshold-product')))).toMatch(/^√\(m·n\) [\d.]+ to/);
  expect(intervalLines(uncertainty, of('large'), WHOLE_WORKLOAD)).toHaveLength(2);
});

test('any other is called a point estimate', () => {
  const other = { policy: 'threshold-in', threshold: 12_345 } as const;
  expect(knownIntervals(uncertainty, other)).toBeUndefined();
  expect(intervalLines(uncertainty, other, WHOLE_WORKLOAD)).toEqual([
    'point estimate: the policies of the list alone have intervals',
  ]);
  expect(intervalLines(undefined, of('large'), WHOLE_WORKLOAD)).toEqual([
    'point estimate, without an interval',
  ]);
});
