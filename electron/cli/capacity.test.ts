import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

interface CapacityJson {
  study: string;
  policy: string;
  energyModel: string;
  command: string;
  policies: { policy: string; energyJ: number; regret: number | null }[];
  capacity: Record<
    'small' | 'large',
    { devices: number; queries: number; utilisation: number; oneMoreSaves: number; shadowPrice: number }
  > & {
    arrivalRate: number;
    text: string;
  };
  assumptions: { kind: string }[];
  error?: { kind: string; message: string };
}

const ANALYZE = ['analyze', '--policy', 'capacity', '--data'];

describe('analyze --policy capacity', () => {
  test('gives the optimum of the devices, and the same again from its own command', async () => {
    const data = temporaryFolder();
    const flags = ['--devices', 'small=40,large=8', '--arrival-rate', '0.9'];
    const { code, json } = await runJson<CapacityJson>([...ANALYZE, data, ...flags]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ policy: 'capacity', capacity: { arrivalRate: 0.9 } });
    expect(json.policies.map(({ policy }) => policy)).toEqual(['small', 'large', 'capacity']);
    const { small, large } = json.capacity;
    expect(small.queries + large.queries).toBeCloseTo(1, 9);
    expect(small.utilisation).toBeLessThanOrEqual(1);
    expect(json.policies[2]!.regret).toBeGreaterThanOrEqual(-1e-9);
    expect(json.assumptions.map(({ kind }) => kind)).toContain('capacity');
    expect(json.command).toContain('--policy capacity --devices small=40,large=8 --arrival-rate 0.9');
    const again = await runJson<CapacityJson>([
      ...json.command.replace('crossover ', '').split(' '),
      '--data',
      data,
    ]);
    expect(again.json.study).toBe(json.study);
    const { out } = await runCli(['studies', 'show', json.study, '--data', data]);
    expect(out).toContain(json.capacity.text.slice(0, 40));
    expect(out).toContain('shadow price');
  });

  test('with --policy all stands among the others, and costs the oracle nothing where devices abound', async () => {
    const { json } = await runJson<CapacityJson>([
      'analyze',
      '--policy',
      'all',
      '--devices',
      'small=100000,large=100000',
      '--arrival-rate',
      '1',
      '--data',
      temporaryFolder(),
    ]);
    const [oracle, capacity] = ['oracle', 'capacity'].map((name) =>
      json.policies.find(({ policy }) => policy === name)!,
    );
    expect(capacity!.energyJ / oracle!.energyJ).toBeCloseTo(1, 9);
  });

  test('devices that are short: what one more saves, a warning, and a section of the report', async () => {
    const data = temporaryFolder();
    const flags = ['--devices', 'small=3,large=1', '--arrival-rate', '0.6', '--bootstrap', '0'];
    const { json } = await runJson<CapacityJson>([...ANALYZE, data, ...flags]);
    const { small, large, text } = json.capacity;
    expect(small.utilisation).toBeCloseTo(1, 6);
    expect(small.oneMoreSaves).toBeGreaterThan(0);
    expect(small.shadowPrice).toBeGreaterThanOrEqual(small.oneMoreSaves);
    expect(large).toMatchObject({ oneMoreSaves: 0, shadowPrice: 0 });
    expect(text).toMatch(/One more M1 Pro would save another 0\.\d+%\.$/);
    expect(json.assumptions).toContainEqual(
      expect.objectContaining({ kind: 'capacity', level: 'warning', short: 'devices always busy' }),
    );
    const report = path.join(data, 'report.html');
    expect((await runCli(['report', json.study, '--out', report, '--data', data])).code).toBe(0);
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('<h2>Capacity</h2>');
    expect(html).toContain('the least that the devices can carry');
  });

  test('too few devices: exit code 3, the most they can do, and nothing stored', async () => {
    const data = temporaryFolder();
    const flags = ['--devices', 'small=1,large=1', '--arrival-rate', '50'];
    const { code, json } = await runJson<CapacityJson>([...ANALYZE, data, ...flags]);
    expect(code).toBe(3);
    expect(json.error).toMatchObject({
      kind: 'infeasible',
      message: expect.stringMatching(
        /cannot carry 50 queries per second .* the most is 0\.\d+ queries/,
      ) as string,
    });
    const { json: list } = await runJson<{ studies: unknown[] }>(['studies', 'list', '--data', data]);
    expect(list.studies).toEqual([]);
  });

  test.each([
    [['--devices', 'small=4,large=1'], 'needs both'],
    [['--arrival-rate', '2'], 'needs both'],
    [[], 'needs numbers of devices'],
    [['--devices', 'small=4', '--arrival-rate', '2'], 'says nothing of large'],
    [['--devices', 'small=4,large=x', '--arrival-rate', '2'], '"large=x" is none'],
    [['--devices', 'small=4,large=-1', '--arrival-rate', '2'], '"large=-1" is none'],
    [['--devices', 'small=4,mine=1', '--arrival-rate', '2'], 'names "mine"'],
    [['--devices', 'small=4,small=1', '--arrival-rate', '2'], 'names "small" twice'],
    [['--devices', 'small=4,large=1', '--arrival-rate', '0'], 'above 0'],
    [['--devices', 'small=4,large=1', '--arrival-rate', 'NaN'], 'above 0'],
    [['--devices', 'small=4,large=1', '--arrival-rate', ''], 'above 0'],
    [['--devices', 'small=4,large=1', '--arrival-rate', '2', '--model', 'paper'], "The paper's energy model"],
  ])('%j is refused with exit code 3', async (flags, said) => {
    const { code, json } = await runJson<CapacityJson>([...ANALYZE, temporaryFolder(), ...flags]);
    expect(code).toBe(3);
    expect(json.error).toMatchObject({
      kind: 'bad-setting',
      message: expect.stringContaining(said) as string,
    });
  });
});
