import { describe, expect, test } from 'vitest';
import { bundledProfiles, bundledWorkload } from '../test/bundled.ts';
import { LabError } from './errors.ts';
import type { JointFigure } from './jointReproduction.ts';
import { leastHybrid } from './paperFigure.ts';
import { reproducePaper } from './reproduction.ts';

const paper = reproducePaper(
  bundledProfiles,
  bundledWorkload('alpaca-davinci'),
  ['alpaca-gpt4', 'gsm8k'].map(bundledWorkload),
);

test('the input figure is reproduced to six digits', () => {
  expect(paper.input.smallKwh).toBeCloseTo(0.794829, 6);
  expect(paper.input.largeKwh).toBeCloseTo(0.813484, 6);
  expect(leastHybrid(paper.input)).toBeCloseTo(0.746549, 6);
  expect(paper.input.bestThreshold).toBe(32);
  expect(paper.input.savingVsLarge).toBeCloseTo(0.0823, 4);
  expect(paper.input.savingVsSmall).toBeCloseTo(0.0607, 4);
  expect(paper.input.thresholds).toEqual([8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
});

test('the output figure is reproduced to six digits', () => {
  expect(paper.output.smallKwh).toBeCloseTo(0.715605, 6);
  expect(paper.output.largeKwh).toBeCloseTo(0.710674, 6);
  expect(leastHybrid(paper.output)).toBeCloseTo(0.657196, 6);
  expect(paper.output.bestThreshold).toBe(32);
  expect(paper.output.savingVsLarge).toBeCloseTo(0.0753, 4);
  expect(paper.output.savingVsSmall).toBeCloseTo(0.0816, 4);
  expect(paper.output.thresholds).toEqual([8, 16, 32, 64, 128, 256, 512]);
});

test('the published curves give the savings that the paper states', () => {
  expect(leastHybrid(paper.published.input)).toBe(0.748025);
  expect(paper.published.input.savingVsLarge).toBeCloseTo(0.082, 4);
  expect(paper.published.input.savingVsSmall).toBeCloseTo(0.0588, 4);
  expect(paper.published.output.savingVsLarge).toBeCloseTo(0.0767, 4);
  expect(paper.published.output.savingVsSmall).toBeCloseTo(0.0613, 4);
});

test('the reproduced input curve follows the published one within a third of a percent', () => {
  paper.input.hybridKwh.forEach((kwh, i) => {
    expect(Math.abs(kwh / paper.published.input.hybridKwh[i]! - 1)).toBeLessThan(1 / 300);
  });
});

test('findings 1 to 5 come in order, each with its own effect', () => {
  const rounded = paper.reconciliation
    .slice(0, 5)
    .map(({ step, axis, hybridKwh, saving, bestThreshold }) => ({
      step,
      axis,
      hybridKwh: hybridKwh!.toFixed(6),
      saving: saving!.toFixed(4),
      bestThreshold,
    }));
  // Steps 1, 3 and 4 recomputed by an independent script from the same tables; 2 likewise; 5 changes no energy.
  expect(rounded).toEqual([
    { step: 1, axis: 'output', hybridKwh: '4.525069', saving: '0.0042', bestThreshold: 32 },
    { step: 2, axis: 'input', hybridKwh: '3.117743', saving: '0.1178', bestThreshold: 32 },
    { step: 3, axis: 'input', hybridKwh: '0.743432', saving: '0.0736', bestThreshold: 32 },
    { step: 4, axis: 'input', hybridKwh: '0.746535', saving: '0.0823', bestThreshold: 32 },
    { step: 5, axis: 'input', hybridKwh: '0.746549', saving: '0.0823', bestThreshold: 32 },
  ]);
});

test('the effect of a finding by itself is the difference from the reproduced figure', () => {
  for (const step of paper.reconciliation.filter(({ against }) => against === 'reproduced')) {
    const base = paper[step.axis];
    expect(step.effectKwh).toBeCloseTo(step.hybridKwh! - leastHybrid(base), 12);
    expect(step.effectPoints).toBeCloseTo(100 * (step.saving! - base.savingVsLarge), 10);
  }
});

test('the first cumulative step is that step alone, and the fifth has all findings so far mended', () => {
  const [first] = paper.reconciliation;
  expect(first!.cumulative).toEqual(first!.alone);
  const fifth = paper.reconciliation[4]!;
  expect(fifth.cumulative.input.savingVsLarge).not.toBeCloseTo(paper.input.savingVsLarge, 4);
});

describe('findings 6 to 8', () => {
  const [sixth, seventh, eighth] = paper.reconciliation.slice(5);
  const saved = (figure: JointFigure, policy: string): number =>
    figure.policies.find((each) => each.policy === policy)!.savingVsLarge;

  test('6: on the joint distribution most of the saving goes', () => {
    const [alpaca, gpt4, gsm8k] = sixth!.joint!;
    expect(alpaca!.smallKwh).toBeCloseTo(6.951287, 5);
    expect(alpaca!.largeKwh).toBeCloseTo(5.856587, 5);
    expect(saved(alpaca!, 'oracle')).toBeCloseTo(0.033785, 6);
    expect(saved(alpaca!, 'threshold-in')).toBeCloseTo(0.001796, 6);
    expect(saved(gpt4!, 'oracle')).toBeCloseTo(0.005213, 6);
    expect(saved(gsm8k!, 'oracle')).toBeLessThan(0.0001);
    expect(sixth!.cumulative.input).toMatchObject({ bestThreshold: 8 });
    expect(sixth!.saving).toBeLessThan(saved(alpaca!, 'oracle'));
  });

  test('7: with the GPU alone on both sides, by the sweeps and by the grids', () => {
    const [sweeps, grids] = seventh!.joint!;
    expect([sweeps!.rails, grids!.rails, grids!.design]).toEqual([['gpu'], ['gpu'], 'grid']);
    // less energy is counted on either side; the M1 Pro's CPU was the larger part
    expect(sweeps!.smallKwh).toBeLessThan(sixth!.joint![0]!.smallKwh);
    expect(saved(sweeps!, 'oracle')).toBeGreaterThan(saved(sixth!.joint![0]!, 'oracle'));
    expect(seventh!.against).toBe('earlier-steps');
    expect(seventh!.effectPoints).toBeCloseTo(100 * (seventh!.saving! - sixth!.saving!), 10);
  });

  test('8: what was not measured has a reason, and no number', () => {
    expect(eighth).toMatchObject({ step: 8, hybridKwh: null, saving: null, effectPoints: null });
    expect(eighth!.because).toContain('measured with a KV cache');
  });
});

test('the waterfall leads from the published saving to the last one, without a gap', () => {
  for (const axis of ['input', 'output'] as const) {
    const bars = paper.waterfall[axis];
    expect(bars.map(({ step }) => step)).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(bars[0]!.saving).toBe(paper.published[axis].savingVsLarge);
    expect(bars[1]!.saving).toBe(paper[axis].savingVsLarge);
    const known = bars.filter(({ saving }) => saving !== null);
    const points = known.slice(1).reduce((total, { effectPoints }) => total + effectPoints!, 0);
    expect(100 * bars[0]!.saving! + points).toBeCloseTo(100 * known.at(-1)!.saving!, 10);
    const kwh = known.slice(1).reduce((total, { effectKwh }) => total + effectKwh!, 0);
    expect(bars[0]!.hybridKwh! + kwh).toBeCloseTo(known.at(-1)!.hybridKwh!, 10);
    expect(bars.at(-1)!.because).toBeDefined();
  }
});

test('runtime in token-seconds is no runtime: the corrected hours are far fewer', () => {
  const { runtime } = paper.reconciliation[4]!;
  expect(runtime!.publishedTokenS.small).toBeGreaterThan(10 * runtime!.correctedS.small);
  expect(runtime!.correctedS.large).toBeLessThan(runtime!.correctedS.hybrid);
  expect(runtime!.correctedS.hybrid).toBeLessThan(runtime!.correctedS.small);
});

test('without the bundled profiles there is no number, but a reason', () => {
  expect(() => reproducePaper([], bundledWorkload('alpaca-davinci'))).toThrow(LabError);
});
