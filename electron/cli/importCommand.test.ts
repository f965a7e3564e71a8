import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { paperTableText } from '../test/importFixtures.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

interface CheckJson {
  format: string;
  system: string | null;
  model: string | null;
  rails: string[];
  units: Record<string, string>;
  cells: { m: number; n: number; trials: number; energyJ: { total: number }; runtimeS: number }[];
  dropped: { count: number; reason: string }[];
  warnings: { kind: string; message: string }[];
  error?: { kind: string; message: string; hint: string };
}

function fresh(): { data: string[]; file: (content: string, name?: string) => string } {
  const folder = temporaryFolder();
  return {
    data: ['--data', path.join(folder, 'lab')],
    file: (content, name = 'trials.csv') => {
      const at = path.join(folder, name);
      writeFileSync(at, content);
      return at;
    },
  };
}

test('--check --json says what would be imported, and writes nothing', async () => {
  const { data, file } = fresh();
  const { code, json } = await runJson<CheckJson>([
    'profiles',
    'import',
    file(paperTableText()),
    '--check',
    ...data,
  ]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    format: 'paper-table',
    system: 'made A100',
    model: 'falcon-7b',
    rails: ['cpu', 'gpu'],
    units: { 'GPU Energy (mJ)': 'mJ', 'CPU Energy (J)': 'J', 'Runtime (s)': 's' },
    cells: [
      { m: 8, n: 32, trials: 3, energyJ: { total: 134.25, cpu: 2.25, gpu: 132 }, runtimeS: 1.02 },
      { m: 16, n: 32, trials: 3, energyJ: { total: 214.25, cpu: 2.25, gpu: 212 }, runtimeS: 1.02 },
    ],
    dropped: [
      { count: 1, reason: 'the phase "tokenizer" is not inference' },
      { count: 1, reason: 'the phase "model load" is not inference' },
      { count: 2, reason: 'warm-up (iteration 0)' },
    ],
  });
  expect(json.warnings.map(({ kind }) => kind)).toEqual(['batch', 'conditions-assumed']);
  expect(json.error).toBeUndefined();
  const { json: listed } = await runJson<{ profiles: { kind: string }[] }>(['profiles', 'list', ...data]);
  expect(listed.profiles.filter(({ kind }) => kind === 'imported')).toEqual([]);
});

test('an import is listed, analysed, exported, and removed again', async () => {
  const { data, file } = fresh();
  const imported = await runJson<{ profile: string; state: string }>([
    'profiles',
    'import',
    file(paperTableText()),
    ...data,
  ]);
  expect(imported.code).toBe(0);
  const { profile, state } = imported.json;
  expect(state).toBe('new');
  const shown = await runJson<{ kind: string; system: string }>(['profiles', 'show', profile, ...data]);
  expect(shown.json).toMatchObject({ kind: 'imported', system: 'made A100' });
  const removed = await runJson(['profiles', 'remove', profile, ...data]);
  expect({ code: removed.code, json: removed.json }).toEqual({ code: 0, json: { removed: profile } });
  expect((await runJson(['profiles', 'show', profile, ...data])).code).toBe(3);
});

test('for people: what was understood, left out and doubted, the cells, and what stands near', async () => {
  const { data, file } = fresh();
  const { code, out, err } = await runCli(['profiles', 'import', file(paperTableText()), ...data]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^GPU Energy \(mJ\) +energy +mJ +gpu +stated +16000$/m);
  expect(out).toContain('Not used: Prompt.');
  expect(out).toContain('2 × warm-up (iteration 0)');
  expect(out).toContain('! The batch size says 32 for single prompts');
  expect(out).toMatch(/^ *8 +32 +3 +134\.3 +1\.1 +3\.36 +1\.02 +132 +\S+$/m);
  expect(out).toMatch(/Nearest is .*Falcon 7B/);
  expect(out).toMatch(/Imported as \S+\. crossover profiles show/);
  for (const line of out.split('\n')) {
    if (!/\S{60}/.test(line)) expect([...line].length, line).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
});

test('what stands in the way is shown with what was understood, and ends with 3', async () => {
  const { data, file } = fresh();
  const tables = file('m,n,gpu_energy_j,runtime_s,system\n8,8,100,1,A100\n8,8,101,1,H100\n');
  const checked = await runJson<CheckJson>(['profiles', 'import', tables, '--check', ...data]);
  expect(checked.code).toBe(3);
  expect(checked.json.error).toMatchObject({ kind: 'bad-profile' });
  expect(checked.json.warnings.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['mixed-systems', 'no-model']),
  );
  const imported = await runCli(['profiles', 'import', tables, ...data]);
  expect(imported.code).toBe(3);
  expect(imported.out).toBe('');
  expect(imported.err).toContain('✗ The files mix 2 systems: A100, H100.');
  expect(imported.err).toContain('Nothing was imported.');

  const one = ['--only-system', 'H100', '--model', 'Falcon 7B', '--no-kv-cache', '--json', ...data];
  expect((await runCli(['profiles', 'import', tables, ...one])).code).toBe(0);
});

test('every flag reaches the doctor', async () => {
  const { data, file } = fresh();
  const text = `zeit;strom;art\n${[1, 2, 3].map((i) => `2000${i};50000${i};inference\n`).join('')}9;9;load\n`;
  const { code, json } = await runJson<CheckJson & { profile: Record<string, unknown>; options: object }>([
    'profiles',
    'import',
    file(text),
    '--check',
    ...['--format', 'table', '--system', 'Rig', '--model', 'Falcon 7B', '--place', 'gpu'],
    ...['--column', 'zeit=runtime:ms', '--column', 'strom=energy:mJ:gpu', '--column', 'art=phase'],
    ...['--input-tokens', '64', '--output-tokens', '128', '--phase', 'infer', '--warm-up', 'first'],
    ...['--batch', 'divide', '--batch-size', '4', '--idle', 'gross', '--idle', 'gpu=5'],
    ...['--gpus', '2', '--boundary', 'gpu', '--design', 'cells', '--rated', '600'],
    ...['--hardware', '2 x T4', '--engine', 'vLLM', '--precision', 'fp16', '--kv-cache'],
    ...['--id', 'my.rig', '--name', 'My rig', '--licence', 'CC0', '--note', 'A note.', '--clock-shift', '0'],
    ...data,
  ]);
  expect(code).toBe(0);
  expect(json.cells).toEqual([
    expect.objectContaining({ m: 64, n: 128, trials: 2, energyJ: { total: 125.000625, gpu: 125.000625 } }),
  ]);
  expect(json.profile).toMatchObject({
    id: 'my.rig',
    name: 'My rig',
    system: { name: 'Rig', place: 'gpu', hardware: '2 x T4' },
    conditions: { engine: 'vLLM', precision: 'fp16', kvCache: true, batch: 4, gpus: 2 },
    boundary: 'gpu',
    idleW: { gpu: 5 },
    notes: expect.arrayContaining(['Licence of the data: CC0.', 'A note.']) as string[],
  });
});

test.each([
  [['--gpus', 'two'], 'bad-setting'],
  [['--batch', 'half'], 'bad-setting'],
  [['--idle', 'gpu='], 'bad-setting'],
  [['--idle', 'fan=3'], 'bad-setting'],
  [['--column', 'energy'], 'bad-setting'],
  [['--column', 'Energy=energy:BTU'], 'bad-setting'],
  [['--column', 'a=energy:J:gpu:x'], 'bad-setting'],
  [['--format', 'xlsx'], 'bad-setting'],
  [['--output-tokens', '1.5'], 'bad-setting'],
])('%s ends with 3, and a sentence', async (flags, kind) => {
  const { data, file } = fresh();
  const { code, json } = await runJson<CheckJson>([
    'profiles',
    'import',
    file(paperTableText()),
    ...flags,
    ...data,
  ]);
  expect(code).toBe(3);
  expect(json.error).toMatchObject({ kind });
  expect(json.error!.message).toMatch(/\S[.]$/);
});

test('what is not there, and a folder in use, end with their own codes', async () => {
  const { data, file } = fresh();
  expect(
    (await runJson<CheckJson>(['profiles', 'import', '/nowhere/t.csv', ...data])).json.error,
  ).toMatchObject({
    kind: 'file-not-readable',
  });
  expect((await runCli(['profiles', 'import', ...data])).code).toBe(2);
  expect((await runCli(['profiles', 'remove', 'm1-pro.llama-2-7b.grid', ...data])).code).toBe(3);
  const { openLab } = await import('../lab.ts');
  const lab = openLab({ dataFolder: data[1]!, program: 'window', version: '0' });
  const table = file(paperTableText());
  expect((await runCli(['profiles', 'import', table, '--check', ...data])).code).toBe(0);
  expect((await runCli(['profiles', 'import', table, ...data])).code).toBe(4);
  lab.close();
});

test('an interrupted import ends with 130', async () => {
  const { data, file } = fresh();
  const controller = new AbortController();
  controller.abort();
  const { code } = await runCli(['profiles', 'import', file(paperTableText()), ...data], controller.signal);
  expect(code).toBe(130);
});
