import { describe, expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const THREE = 'm1-pro.llama-2-7b.sweeps,palmetto-v100.llama-2-7b.sweeps,swing-a100.llama-2-7b.sweeps';

describe('analyze --profiles', () => {
  test('compares three systems, and says that it stored nothing', async () => {
    const data = temporaryFolder();
    const args = ['analyze', '--profiles', THREE, '--bootstrap', '20', '--data', data];
    const { code, json } = await runJson<{
      study: null;
      systems: { id: string }[];
      policies: {
        policy: string;
        thresholds?: number[];
        regret: number;
        saving: number;
        intervals: { saving: number[]; best?: { thresholds: number[][] } };
      }[];
      uncertainty: { replicates: number; probabilityHybridWins: number };
    }>(args);
    expect(code).toBe(0);
    expect(json.study).toBeNull();
    expect(json.systems.map(({ id }) => id)).toEqual(THREE.split(','));
    expect(json.policies.map(({ policy }) => policy)).toEqual([
      'single',
      'single',
      'single',
      'threshold-in',
      'threshold-out',
      'threshold-product',
      'threshold-both',
      'oracle',
      'round-robin',
      'random',
    ]);
    expect(json.policies[3]!.thresholds).toHaveLength(2);
    const [, , , thresholds] = json.policies;
    expect(thresholds!.intervals.best!.thresholds).toHaveLength(2);
    expect(thresholds!.intervals.saving[0]).toBeLessThanOrEqual(thresholds!.saving);
    expect(json.uncertainty).toMatchObject({ replicates: 20 });
    const { out } = await runCli(args);
    expect(out).toMatch(/Of 20 replicates .*seed 1\), the best thresholds/);
    expect(out).toContain('95% intervals:');
    expect(out).toContain('What to measure next');
    expect(out).toContain('Not stored: a stored study has two systems.');
    expect(out).toContain('There is nothing for the V100 (Palmetto) to do.');
    const list = await runJson<{ studies: unknown[] }>(['studies', 'list', '--data', data]);
    expect(list.json.studies).toEqual([]);
  });

  test('takes devices by the ids of the profiles', async () => {
    const ids = THREE.split(',');
    const { code, out } = await runCli([
      'analyze',
      '--profiles',
      THREE,
      '--devices',
      `${ids[0]}=20,${ids[1]}=2,${ids[2]}=3`,
      '--arrival-rate',
      '0.5',
      '--workload',
      'gsm8k',
      '--bootstrap',
      '0',
      '--data',
      temporaryFolder(),
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/capacity +– +\d/);
    expect(out).toContain('At 0.5 queries per second:');
    expect(out).toMatch(/point estimates,\s+without\s+intervals/);
  });

  test.each([
    [['--profiles', 'm1-pro.llama-2-7b.sweeps'], 'bad-setting'],
    [['--profiles', `${THREE},m1-pro.llama-2-7b.sweep`], 'unknown-profile'],
    [['--profiles', THREE, '--surface'], 'bad-setting'],
    [['--profiles', THREE, '--small', 'm1-pro.llama-2-7b.grid'], 'bad-setting'],
    [['--profiles', THREE, '--model', 'paper'], 'bad-setting'],
    [['--profiles', THREE, '--lambda', '2'], 'bad-setting'],
    [['--profiles', THREE, '--devices', 'small=1,large=1', '--arrival-rate', '1'], 'bad-setting'],
    [['--profiles', THREE, '--arrival-rate', '1'], 'bad-setting'],
  ])('%j is refused with exit code 3', async (flags, kind) => {
    const { code, json } = await runJson<{ error: { kind: string } }>([
      'analyze',
      ...flags,
      '--data',
      temporaryFolder(),
    ]);
    expect([code, json.error.kind]).toEqual([3, kind]);
  });
});
