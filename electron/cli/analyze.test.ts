import { expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

interface JointJson {
  study: string;
  energyModel: string;
  command: string;
  thresholds: string;
  policies: {
    policy: string;
    threshold: number | null;
    outputThreshold?: number;
    product?: number;
    regret: number;
    saving: { vsLarge: number; vsBestSingle: number };
    interval95?: [number, number];
  }[];
  minSaving: number;
  verdict: { kind: string; interval95?: [number, number] };
  probabilityHybridWins?: number;
  measureNext?: { system: string; m: number; n: number; share: number }[];
  measurePlan?: Record<string, string>;
  uncertainty?: { seed: number; replicates: number };
  flips: { lambda: number; from: { policy: string }; to: { policy: string; product?: number } }[];
  pareto: { policy: string; energyJ: number; runtimeS: number; convex: boolean }[];
  extrapolated: { queries: number; energy: number };
  assumptions: { kind: string; message: string }[];
  surface?: { inputThresholds: number[]; outputThresholds: number[]; saving: number[][]; complete: boolean };
  rails: string[];
}

test('analyze --policy all compares every policy on the joint distribution', async () => {
  const { code, json } = await runJson<JointJson>([
    'analyze',
    '--policy',
    'all',
    '--surface',
    '--data',
    temporaryFolder(),
  ]);
  expect(code).toBe(0);
  expect(json).toMatchObject({ energyModel: 'grid', thresholds: 'every-integer' });
  expect(json.policies.map(({ policy }) => policy)).toEqual([
    'small',
    'large',
    'threshold-in',
    'threshold-out',
    'threshold-product',
    'threshold-both',
    'oracle',
    'round-robin',
    'random',
  ]);
  const oracle = json.policies.find(({ policy }) => policy === 'oracle')!;
  expect(oracle.regret).toBe(0);
  expect(oracle.saving.vsLarge).toBeCloseTo(0.0338, 4);
  expect(json.flips.map(({ lambda }) => lambda)).toEqual(
    json.flips.map(({ lambda }) => lambda).toSorted((a, b) => a - b),
  );
  expect(json.flips[0]!.from).toEqual({ policy: 'large', threshold: null });
  expect(json.pareto.some(({ convex }) => convex)).toBe(true);
  expect(json.extrapolated.queries).toBeGreaterThan(0);
  const { inputThresholds, outputThresholds, saving } = json.surface!;
  expect([inputThresholds.length, outputThresholds.length]).toEqual([128, 128]);
  expect(saving).toHaveLength(128);
  const best = Math.max(...saving.flat());
  expect(best).toBeGreaterThan(0.02);
  expect(best).toBeLessThan(0.0338);
});

test('what is stated about a system arrives, is named, and stands in the command that repeats the study', async () => {
  const folder = temporaryFolder();
  const { json } = await runJson<JointJson>([
    'analyze',
    ...['--small', 'm1-pro.llama-2-7b.grid', '--large', 'swing-a100.llama-2-7b.grid'],
    ...['--model', 'physical', '--policy', 'threshold-both'],
    ...['--assume', 'large.cpu=0.1*gpu+90W', '--data', folder],
  ]);
  expect(json.rails).toEqual(['cpu', 'gpu']);
  expect(json.assumptions.find(({ kind }) => kind === 'stated')!.message).toContain('0.1 × GPU + 90 W');
  expect(json.command).toContain("--model physical --policy threshold-both --assume 'large.cpu=0.1*gpu+90W'");
  expect(json.policies[2]!.outputThreshold).toBeTypeOf('number');
  const stored = await runJson<JointJson>(['studies', 'show', json.study, '--data', folder]);
  expect(stored.json).toEqual(json);
});

test('for people: every policy with its distance from the optimum, and where λ changes the answer', async () => {
  const { out } = await runCli(['analyze', '--policy', 'all', '--data', temporaryFolder()]);
  expect(out).toContain('regret');
  expect(out).toContain('mn≤1264');
  expect(out).toContain('33,81');
  expect(out).toContain('The best policy changes at 128 values of λ');
});

test("a joint study's report says which model made it, and shows no curve of the paper's", async () => {
  const folder = temporaryFolder();
  const { json } = await runJson<JointJson>(['analyze', '--policy', 'threshold-product', '--data', folder]);
  const file = `${folder}/report.html`;
  expect((await runCli(['report', json.study, '--out', file, '--data', folder])).code).toBe(0);
  const { readFileSync } = await import('node:fs');
  const html = readFileSync(file, 'utf8');
  expect(html).toContain('the grid model');
  expect(html).not.toContain("under the paper's energy model");
  // Its numbers are links.
  expect(html.replace(/<\/?a\b[^>]*>/g, '')).toContain('input × output tokens ≤ 1264');
});

test('analyze ends at once when it is interrupted, and stores nothing', async () => {
  const data = temporaryFolder();
  const { code, err, out } = await runCli(
    ['analyze', '--policy', 'all', '--data', data],
    AbortSignal.abort(),
  );
  expect(code).toBe(130);
  expect(err).toBe('crossover: The analysis was stopped. Nothing was stored.\n');
  expect(out).toBe('');
  const { json } = await runJson<{ studies: unknown[] }>(['studies', 'list', '--data', data]);
  expect(json.studies).toEqual([]);
});

test('analyze gives every policy its interval, by default and by flags, the same for a seed', async () => {
  const data = temporaryFolder();
  const analyze = [
    'analyze',
    '--model',
    'grid',
    '--policy',
    'all',
    '--workload',
    'alpaca-gpt4',
    '--data',
    data,
  ];
  const { code, json } = await runJson<JointJson>([...analyze, '--bootstrap', '150', '--min-saving', '0.1%']);
  expect(code).toBe(0);
  expect(json.policies.every(({ interval95 }) => interval95![0] <= interval95![1])).toBe(true);
  expect(json.uncertainty).toMatchObject({ seed: 1, replicates: 150 });
  expect(json.probabilityHybridWins).toBe(1);
  const product = json.policies.find(({ policy }) => policy === 'threshold-product')!;
  expect(json.verdict).toMatchObject({ kind: 'threshold', interval95: product.interval95 });
  expect(product.interval95![0]).toBeGreaterThanOrEqual(json.minSaving);
  expect(json.measureNext![0]).toMatchObject({ system: 'large', m: 16, n: 32 });
  expect(json.measurePlan!.large).toMatch(/^16,32 /);
  expect(json.command).toContain('--bootstrap 150');

  const again = await runJson<JointJson>([
    ...analyze,
    '--bootstrap',
    '150',
    '--min-saving',
    '0.1%',
    '--data',
    temporaryFolder(),
  ]);
  expect(again.json.policies).toEqual(json.policies);
  const other = await runJson<JointJson>([
    ...analyze,
    '--bootstrap',
    '150',
    '--min-saving',
    '0.1%',
    '--seed',
    '2',
  ]);
  expect(other.json.study).not.toBe(json.study);
  expect(other.json.policies[2]!.interval95).not.toEqual(json.policies[2]!.interval95);

  const none = await runJson<JointJson>([...analyze, '--bootstrap', '0']);
  expect(none.json.policies.some((policy) => 'interval95' in policy)).toBe(false);
  expect('probabilityHybridWins' in none.json).toBe(false);
});

test('replicates and seeds that cannot be are refused, with exit code 3', async () => {
  for (const flags of [
    ['--bootstrap', '-1'],
    ['--bootstrap', '1e9'],
    ['--seed', 'x'],
    ['--seed', '1.5'],
  ]) {
    const { code, json } = await runJson<{ error: { kind: string; message: string } }>([
      'analyze',
      ...flags,
      '--data',
      temporaryFolder(),
    ]);
    expect([code, json.error.kind]).toEqual([3, 'bad-setting']);
    expect(json.error.message).toContain(flags[0]);
  }
});

test('analyze says in words how sure it is and what to measure next', async () => {
  const { out } = await runCli(['analyze', '--bootstrap', '100', '--data', temporaryFolder()]);
  expect(out).toMatch(
    /Of 100 replicates of the trials and the queries \(seed 1\), the best threshold \(threshold-in\)/,
  );
  expect(out).toMatch(/threshold-in +0\.7\d+ to 0\.7\d+ +\d\.\d\d% to \d\.\d\d% +32\n/);
  expect(out).toMatch(/What to measure next/);
  expect(out).toMatch(/--sweep "\d+,32/);
});
