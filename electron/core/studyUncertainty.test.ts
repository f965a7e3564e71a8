import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../test/bundled.ts';
import { bootstrapReplicates } from './analysis/bootstrap.ts';
import { bootstrapSetUp } from './analysis/bootstrapSetUp.ts';
import { planTextOf } from './analysis/measureNext.ts';
import { analyse, parseSettings, type StudyResult, type StudySettings } from './study.ts';
import { analyseWithUncertainty, withReplicates } from './studyUncertainty.ts';
import { parseCells } from './sweep.ts';
import { isUseful } from './verdict.ts';

const SWEEPS = { small: 'm1-pro.llama-2-7b.sweeps', large: 'swing-a100.llama-2-7b.sweeps' };

function study(workload: string, more: Partial<StudySettings> = {}): StudyResult {
  const settings = parseSettings({
    ...SWEEPS,
    workload,
    energyModel: 'grid',
    policy: 'all',
    thresholds: 'every-integer',
    bootstrap: 200,
    seed: 1,
    ...more,
  });
  return analyseWithUncertainty(settings, {
    small: bundledProfile(settings.small),
    large: bundledProfile(settings.large),
    workload: bundledWorkload(workload),
  });
}

describe('Alpaca with davinci outputs, the two-sweep grid', () => {
  const result = study('alpaca-davinci');

  test('has intervals about the expected figures: 6.95 and 5.86 kWh, 3.38% at best', () => {
    const { intervals } = result.uncertainty!;
    const kwh = (policy: string): number[] =>
      intervals.find((each) => each.policy === policy)!.energyJ.map((joules) => joules / 3.6e6);
    const [small, large] = [kwh('small'), kwh('large')];
    expect([small[0]! < 6.95, small[1]! > 6.95, large[0]! < 5.86, large[1]! > 5.86]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    // The A100's cells vary by some per cent, the queries by less than one.
    expect(large[1]! / large[0]! - 1).toBeGreaterThan(0.05);
    expect(large[1]! / large[0]! - 1).toBeLessThan(0.15);
    const oracle = result.policies.find(({ policy }) => policy === 'oracle')!;
    expect(oracle.interval95![0]).toBeGreaterThan(0.02);
    expect(oracle.interval95![0]).toBeLessThan(oracle.saving.vsBestSingle);
    expect(oracle.interval95![1]).toBeGreaterThan(oracle.saving.vsBestSingle);
  });

  test('has an interval of each regret, against the optimum as the study found it', () => {
    const of = (policy: string) => result.policies.find((each) => each.policy === policy)!;
    expect(of('oracle').regretInterval95).toEqual([0, 0]);
    for (const { regret, regretInterval95 } of result.policies) {
      expect(regretInterval95![0]).toBeLessThanOrEqual(regret!);
      expect(regretInterval95![1]).toBeGreaterThanOrEqual(regret!);
    }
    // What the oracle saves against a system is what that system's regret is: s = 1 − 1 / (1 + r).
    const [low, high] = result.uncertainty!.intervals.find(({ policy }) => policy === 'oracle')!.saving
      .vsLarge;
    const [from, to] = of('large').regretInterval95!;
    expect(1 - 1 / (1 + from)).toBeCloseTo(low, 3);
    expect(1 - 1 / (1 + to)).toBeCloseTo(high, 3);
    // Where the oracle is not looked at, nothing is told of it.
    const alone = study('alpaca-davinci', { policy: 'threshold-out' });
    expect(alone.policies.every(({ regretInterval95 }) => regretInterval95 === undefined)).toBe(true);
  });

  test('is useful by the lower end of its saving, which the sentence gives with its number and its condition', () => {
    const { verdict, uncertainty } = result;
    expect(verdict).toMatchObject({ kind: 'threshold', policy: 'threshold-product' });
    expect(verdict.interval95).toEqual(uncertainty!.saving95);
    expect(verdict.interval95![0]).toBeGreaterThan(0.01);
    expect(verdict.text).toMatch(
      /saves 3\.4% \(95% interval 2\.\d% to 4\.\d%\) of the energy against the A100/,
    );
    expect(verdict.condition).toMatch(
      /grid model.*bootstrap over the trials and the queries, with 200 replicates/,
    );
    expect(verdict.change).toMatch(/above 2\.\d%/);
    expect(uncertainty!.probabilityHybridWins).toBeGreaterThan(0.99);
  });

  test('is not useful when the minimum lies above the lower end, and says why', () => {
    const { verdict } = study('alpaca-davinci', { minSaving: 0.03 });
    expect(verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large' });
    expect(verdict.text).toMatch(
      /would save 3\.4%.*but its 95% interval begins at 2\.\d%, below your minimum of 3\.0%/,
    );
    expect(verdict.change).toContain('More trials');
  });

  test('names the cells to measure next, as a plan that a sweep takes', () => {
    const { measureNext, workloadShare } = result.uncertainty!;
    // The A100 at 16 input tokens varied most of the short queries.
    expect(measureNext[0]).toMatchObject({ system: 1, profile: SWEEPS.large, m: 16, n: 32, basis: 'own' });
    expect(measureNext[0]!.share).toBeGreaterThan(0.3);
    const shares = measureNext.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(workloadShare + shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.95);
    const plan = planTextOf(measureNext, 1);
    expect(plan.startsWith('16,32 ')).toBe(true);
    expect(parseCells(plan).map(({ m, n }) => `${m},${n}`)).toEqual(plan.split(' '));
    expect(planTextOf(measureNext)).toBe(plan);
    expect(planTextOf([])).toBe('');
  });

  test('rests on what it says', () => {
    const kinds = result.assumptions.filter(({ kind }) => kind === 'interval').map(({ short }) => short);
    expect(kinds).toEqual(['95% intervals']);
  });
});

test('GSM8K has no useful threshold, surely', () => {
  const { verdict, uncertainty } = study('gsm8k');
  expect(verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large' });
  expect(uncertainty!.saving95[1]).toBeLessThan(1e-4);
  expect(uncertainty!.probabilityHybridWins).toBe(0);
});

test('grids without standard deviations get a stated one, and wider intervals', () => {
  const result = study('alpaca-gpt4', {
    small: 'm1-pro.llama-2-7b.grid',
    large: 'swing-a100.llama-2-7b.grid',
  });
  const warnings = result.assumptions.filter(({ kind, level }) => kind === 'interval' && level === 'warning');
  expect(warnings.map(({ message }) => message.split(':')[0])).toEqual([
    'm1-pro.llama-2-7b.grid',
    'swing-a100.llama-2-7b.grid',
  ]);
  expect(warnings[0]!.message).toMatch(
    /no cell has a standard deviation.*stands in for a trial: how much its neighbouring/,
  );
  expect(result.assumptions.some(({ short }) => short === 'weighted queries')).toBe(true);
  const [low, high] = result.policies[0]!.interval95!;
  expect(high - low).toBeGreaterThan(0.05);
});

test('the paper’s model, along either axis, has its intervals too', () => {
  const result = study('alpaca-davinci', { energyModel: 'paper', thresholds: 'powers-of-two' });
  expect(result.policies.map(({ policy, axis }) => `${policy} ${axis}`)).toEqual([
    'small input',
    'large input',
    'threshold-in input',
    'small output',
    'large output',
    'threshold-out output',
  ]);
  for (const { interval95, saving } of result.policies) {
    expect(interval95![0]).toBeLessThanOrEqual(saving.vsBestSingle);
    expect(interval95![1]).toBeGreaterThanOrEqual(saving.vsBestSingle);
  }
  const { verdict } = result;
  expect(verdict).toMatchObject({ kind: 'threshold', policy: 'threshold-in', threshold: 32 });
  expect(verdict.condition).toMatch(
    /paper's energy model.*input tokens alone; the interval is that of a bootstrap/,
  );
  // M1 Pro and A100 cost nearly the same: which of them is better is not known, and the interval says so.
  expect(verdict.interval95![0]).toBeLessThan(verdict.saving - 0.01);
});

test('without replicates a study is a point estimate and says so', () => {
  for (const bootstrap of [0, undefined]) {
    const result = study('gsm8k', bootstrap === undefined ? {} : { bootstrap });
    expect(result.uncertainty === undefined).toBe(bootstrap === 0);
    expect(result.verdict.condition.includes('without an interval')).toBe(bootstrap === 0);
  }
});

test('a study put together from chunks of workers is the study to the last byte', () => {
  const inputs = {
    small: madeProfile('mac', [
      [8, 1, 1],
      [64, 9, 2],
      [512, 900, 10],
    ]),
    large: madeProfile('gpu', [
      [8, 2, 1],
      [64, 10, 1],
      [512, 90, 2],
    ]),
    workload: madeWorkload([
      [8, 8, 100],
      [100, 40, 30],
      [300, 300, 10],
    ]),
  };
  for (const energyModel of ['grid', 'physical', 'paper'] as const) {
    const settings = parseSettings({
      small: 'mac',
      large: 'gpu',
      workload: 'made-up',
      energyModel,
      policy: 'all',
      bootstrap: 100,
      seed: 42,
    });
    const whole = analyseWithUncertainty(settings, inputs);
    const setUp = bootstrapSetUp(settings, inputs);
    const elsewhere = structuredClone(setUp);
    const chunks = [
      bootstrapReplicates(elsewhere, 42, 33, 100),
      structuredClone(bootstrapReplicates(elsewhere, 42, 0, 33)),
    ];
    expect(JSON.stringify(withReplicates(settings, inputs, setUp, chunks))).toBe(JSON.stringify(whole));
    // The figures themselves are those of the study without intervals.
    const point = analyse(settings, inputs);
    expect(whole.policies.map(({ cost }) => cost)).toEqual(point.policies.map(({ cost }) => cost));
    expect(isUseful({ point: whole.verdict.saving, interval95: whole.verdict.interval95 }, 0.01)).toBe(
      whole.verdict.kind === 'threshold',
    );
  }
});
