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
    saving: { vsLarge: number };
  }[];
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
  expect(html).toContain('input × output tokens ≤ 1264');
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
