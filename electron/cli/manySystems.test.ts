import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const THREE = 'm1-pro.llama-2-7b.sweeps,palmetto-v100.llama-2-7b.sweeps,swing-a100.llama-2-7b.sweeps';

describe('analyze --profiles', () => {
  test('compares three systems and stores them: shown again, named, written as reports, removed', async () => {
    const data = temporaryFolder();
    const args = ['analyze', '--profiles', THREE, '--bootstrap', '20', '--data', data];
    const { code, json } = await runJson<{
      study: string;
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
    expect(json.study).toMatch(/^comparison-[0-9a-f]{12}$/);
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
    expect(out).toContain(`Stored as ${json.study}.`);
    expect(out).toContain('There is nothing for the V100 (Palmetto) to do.');
    const at = (...given: string[]): string[] => [...given, '--data', data];
    const list = await runJson<{ studies: unknown[]; comparisons: { id: string; current: boolean }[] }>(
      at('studies', 'list'),
    );
    expect(list.json.studies).toEqual([]);
    expect(list.json.comparisons).toMatchObject([{ id: json.study, current: true }]);
    const shown = await runJson(at('studies', 'show', json.study));
    expect(shown.json).toEqual(json);
    await runCli(at('studies', 'rename', json.study, 'Three <machines>'));
    expect((await runCli(at('studies', 'list'))).out).toContain('Three <machines>');

    const folder = temporaryFolder();
    const report = async (ending: string): Promise<string> => {
      const file = path.join(folder, `report${ending}`);
      const written = await runCli(at('report', json.study, '--out', file, '--force'));
      expect(written.code, written.out + written.err).toBe(0);
      return readFileSync(file, 'utf8');
    };
    const document = await report('.json');
    expect(JSON.parse(document)).toMatchObject({
      format: 'crossover-comparison-report',
      verdict: { kind: 'threshold' },
      comparison: { id: json.study, settings: { bootstrap: 20, seed: 1 } },
      systems: [{ profile: { id: THREE.split(',')[0] } }, {}, {}],
      boundary: { id: 'gpu+cpu' },
      uncertainty: { replicates: 20 },
    });
    for (const text of [await report('.html'), await report('.md')]) {
      expect(text).toContain('There is nothing for the V100');
      expect(text).toContain('How sure this is');
      expect(text).toContain('analyze --profiles');
      expect(text).toContain('beyond what was measured');
    }
    const [head = '', ...rows] = (await report('.csv')).trimEnd().split('\r\n');
    const columns = head.split(',');
    expect(rows.filter((row) => row.includes(',system under a policy,'))).toHaveLength(3 * 5);
    expect(new Set(rows.map((row) => row.replaceAll(/"[^"]*"/g, '').split(',').length))).toEqual(
      new Set([columns.length]),
    );
    const oracle = rows.find((row) => row.includes(',policy,,oracle,'))!.split(',');
    expect(Number(oracle[columns.indexOf('regret_fraction')])).toBe(0);
    for (const refused of ['.crossover']) {
      const file = path.join(folder, `refused${refused}`);
      const no = await runJson<{ error: { kind: string } }>(at('report', json.study, '--out', file));
      expect([no.code, no.json.error.kind], refused).toEqual([3, 'bad-setting']);
    }

    // The same again gives the same bytes; what was removed is gone.
    expect((await runCli(at('studies', 'remove', json.study))).code).toBe(0);
    expect((await runCli(at('studies', 'show', json.study))).code).toBe(3);
    const { command } = shown.json as { command: string };
    expect((await runCli(at(...command.replace('crossover ', '').split(' ')))).code).toBe(0);
    expect(await report('.json')).toBe(document);
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
