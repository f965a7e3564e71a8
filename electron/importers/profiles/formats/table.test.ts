import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '#core/import/diagnosis';
import type { ImportOptions } from '#core/import/options';
import { diagnoseContent, kindsOf, readContent } from '../../../test/diagnoseText.ts';
import { MADE_TRIALS, paperTableText } from '../../../test/importFixtures.ts';

/** The cells that every form of the made-up trials comes to. */
function expectMadeCells({ cells }: Diagnosis): void {
  expect(cells.map(({ m, n, trials }) => [m, n, trials])).toEqual([
    [8, 32, 3],
    [16, 32, 3],
  ]);
  expect(cells[0]!.energyJ.gpu).toBeCloseTo(132, 9);
  expect(cells[1]!.energyJ.gpu).toBeCloseTo(212, 9);
  expect(cells[0]!.energyJ.cpu).toBeCloseTo(2.25, 9);
  expect(cells[0]!.runtimeS).toBeCloseTo(1.02, 12);
}

const BOM = '\uFEFF';
const made = paperTableText();
const withIdle = made
  .replace('Batch Size', 'Batch Size,Idle Package-0 Energy (uJ)')
  .replaceAll(',32,made A100\n', ',32,1500000,made A100\n');

describe('the authors’ trial table comes to the same cells', () => {
  test.each<[string, string | Uint8Array]>([
    ['in mJ', made],
    ['in uJ', paperTableText(MADE_TRIALS, { unit: 'uJ' })],
    ['in J', paperTableText(MADE_TRIALS, { unit: 'J' })],
    ['in kWh', paperTableText(MADE_TRIALS, { unit: 'kWh' })],
    ['with semicolons', paperTableText(MADE_TRIALS, { delimiter: ';' })],
    ['with tabs', paperTableText(MADE_TRIALS, { delimiter: '\t' })],
    [
      'with semicolons and decimal commas',
      paperTableText(MADE_TRIALS, { delimiter: ';', decimalComma: true }),
    ],
    ['with CRLF', paperTableText(MADE_TRIALS, { lineEnd: '\r\n' })],
    ['without a header', paperTableText(MADE_TRIALS, { header: false, unit: 'J' })],
    ['with the header again in the middle', made + paperTableText([], {})],
    ['with µ for u', paperTableText(MADE_TRIALS, { unit: 'uJ' }).replace('uJ', 'µJ')],
    [
      'with other names',
      made.replace('Phase', 'Operation').replace('System Name', 'System').replace('Model', 'Model Name'),
    ],
    ['with idle columns', withIdle],
    ['with a byte-order mark', BOM + made],
    ['in UTF-16', Buffer.from(BOM + made, 'utf16le')],
    ['in UTF-16, big end first', Buffer.from(BOM + made, 'utf16le').swap16()],
    [
      'in Windows-1252',
      Buffer.from(paperTableText(MADE_TRIALS, { unit: 'uJ' }).replace('uJ', 'µJ'), 'latin1'),
    ],
  ])('%s', async (_name, content) => {
    const diagnosis = await diagnoseContent(content);
    expect(diagnosis.format).toBe('paper-table');
    expectMadeCells(diagnosis);
    expect(diagnosis.profile).not.toBeNull();
  });
});

test('a table without a header says how its columns are taken', async () => {
  const { findings, files } = await diagnoseContent(
    paperTableText(MADE_TRIALS, { header: false, unit: 'J' }),
  );
  expect(findings.find(({ kind }) => kind === 'no-header')!.message).toContain('Runtime (s)');
  expect(files[0]!.columns.slice(0, 4).map(({ role }) => role)).toEqual([
    'phase',
    'runtime',
    'energy',
    'energy',
  ]);
});

test('the idle column is energy of the idle machine, and not added up', async () => {
  const gross = await diagnoseContent(withIdle);
  expect(gross.rails).toEqual(['cpu', 'gpu']);
  expect(gross.units['Idle Package-0 Energy (uJ)']).toBe('uJ');
});

test('a unit that slipped is an error that names the unit which would fit, and saying it mends it', async () => {
  const slipped = made.replace('GPU Energy (mJ)', 'GPU Energy (J)');
  const diagnosis = await diagnoseContent(slipped);
  expect(diagnosis.profile).toBeNull();
  const { message, todo } = diagnosis.findings.find(({ kind }) => kind === 'unit-slip')!;
  expect(message).toContain('is 1,000 times too large: the column is probably in mJ');
  expect(todo).toContain('--column "GPU Energy (J)=energy:mJ:gpu"');
  expectMadeCells(
    await diagnoseContent(slipped, {
      columns: { 'GPU Energy (J)': { role: 'energy', unit: 'mJ', rail: 'gpu' } },
    }),
  );
});

test('an energy without a unit is read in the one that a machine can draw, and it is said', async () => {
  const diagnosis = await diagnoseContent(made.replace('GPU Energy (mJ)', 'GPU Energy'));
  expectMadeCells(diagnosis);
  expect(diagnosis.units['GPU Energy']).toBe('mJ');
  expect(kindsOf(diagnosis)).toContain('unit-guessed');
});

test('a last line that is cut is left out, and said', async () => {
  const cut = made.slice(0, made.lastIndexOf('"What') - 3);
  const diagnosis = await diagnoseContent(cut);
  expect(kindsOf(diagnosis)).toContain('truncated');
  expect(diagnosis.cells.map(({ trials }) => trials)).toEqual([3, 2]);
  const inQuotes = made.slice(0, made.lastIndexOf('"What') + 5);
  expect(kindsOf(await diagnoseContent(inQuotes))).toContain('truncated');
  expect(kindsOf(await diagnoseContent(made.trimEnd()))).not.toContain('truncated');
});

test('formulas are text, and never carried out', async () => {
  const diagnosis = await diagnoseContent(
    'm,n,gpu_energy_j,runtime_s,system,model\n' +
      "8,32,100,1,=cmd|' /C calc'!A0,x\n".repeat(1) +
      '8,32,=SUM(A1:A3),1,A100,x\n8,32,101,1,A100,x\n8,32,102,1,A100,x\n8,32,103,1.5,A100,x\n',
    { onlySystem: 'A100' },
  );
  expect(kindsOf(diagnosis)).toContain('not-a-number');
  expect(diagnosis.cells[0]).toMatchObject({ trials: 3 });
});

const NAMES: ImportOptions = { system: 'Rig with A100', model: 'Falcon 7B', kvCache: true };
const CELL = { m: 8, n: 32, trials: 3, energyJ: { total: 101, gpu: 101 }, runtimeS: 1.25 };

describe('any table, by the names of its columns', () => {
  test.each<[string, string]>([
    [
      'snake case',
      'input_tokens,output_tokens,gpu_energy_j,runtime_s\n8,32,100,1.25\n8,32,101,1.25\n8,32,102,1.25\n',
    ],
    [
      'camel case',
      'promptTokens,completionTokens,gpuEnergyMj,latencyMs\n8,32,100000,1250\n8,32,101000,1250\n8,32,102000,1250\n',
    ],
    [
      'duplicate names',
      'm,n,gpu_energy_j,gpu_energy_j,runtime_s\n8,32,60,40,1.25\n8,32,61,40,1.25\n8,32,62,40,1.25\n',
    ],
    [
      'an index without a name',
      ',m,n,gpu_energy_j,runtime_s\n0,8,32,100,1.25\n1,8,32,101,1.25\n2,8,32,102,1.25\n',
    ],
    [
      'two GPUs',
      'm,n,gpu0_energy (J),gpu1_energy (J),duration_s\n8,32,50,50,1.25\n8,32,51,50,1.25\n8,32,52,50,1.25\n',
    ],
    ['power instead of energy', 'm,n,gpu_power_w,runtime_s\n8,32,80,1.25\n8,32,80.8,1.25\n8,32,81.6,1.25\n'],
    [
      'times instead of a runtime',
      'm,n,gpu_energy_j,start_time,end_time\n8,32,100,2024-04-02 07:36:21.000,2024-04-02 07:36:22.250\n8,32,101,2024-04-02 07:36:23,2024-04-02 07:36:24.25\n8,32,102,2024-04-02 07:36:25,2024-04-02 07:36:26.25\n',
    ],
    ['a row of means', 'm,n,mean_gpu_energy_j,mean_runtime_s,trials,sd_energy_j\n8,32,101,1.25,3,1\n'],
    [
      'a title and a comment before',
      'Results of May\n# all good\nm,n,gpu_energy_j,runtime_s\n8,32,100,1.25\n8,32,101,1.25\n8,32,102,1.25\n',
    ],
    [
      'units in the cells',
      'm;n;gpu energy;runtime\n8;32;100 J;1250 ms\n8;32;101 J;1250 ms\n8;32;102 J;1250 ms\n',
    ],
    [
      'JSON',
      JSON.stringify(
        [100, 101, 102].map((gpu) => ({
          usage: { prompt_tokens: 8, completion_tokens: 32 },
          energy: { gpu_j: gpu },
          runtime_s: 1.25,
        })),
      ),
    ],
    [
      'JSON lines',
      [100, 101, 102]
        .map((gpu) => `${JSON.stringify({ m: 8, n: 32, gpu_energy_j: gpu, runtime_s: 1.25 })}\n`)
        .join(''),
    ],
    [
      'columns of JSON',
      JSON.stringify({
        m: [8, 8, 8],
        n: [32, 32, 32],
        gpu_energy_j: [100, 101, 102],
        runtime_s: [1.25, 1.25, 1.25],
      }),
    ],
  ])('%s', async (_name, content) => {
    const { cells, profile } = await diagnoseContent(content, NAMES);
    expect(profile).not.toBeNull();
    expect(cells).toHaveLength(1);
    expect(cells[0]).toMatchObject({ ...CELL, energyJ: {} });
    expect(cells[0]!.energyJ.gpu).toBeCloseTo(101, 9);
  });
});

test('energy per token is spread over what it is per, and called modelled', async () => {
  const text = (name: string): string => `m,n,${name},runtime_s\n8,32,3,1.25\n`;
  const energy = async (name: string): Promise<number> =>
    (await diagnoseContent(text(name), { ...NAMES, boundary: 'gpu' })).cells[0]!.energyJ.total!;
  expect(await energy('energy_per_output_token_j')).toBe(96);
  expect(await energy('energy_per_token_j')).toBe(96);
  expect(await energy('energy_per_total_token_j')).toBe(120);
  expect(kindsOf(await diagnoseContent(text('energy_per_token_j'), NAMES))).toContain('modelled');
});

test('an energy of no named rail is a guess that is said, and follows the boundary', async () => {
  const text = 'm,n,energy_j,runtime_s\n8,32,100,1.25\n8,32,101,1.25\n8,32,102,1.25\n';
  const guessed = await diagnoseContent(text, NAMES);
  expect(guessed.rails).toEqual(['machine']);
  expect(kindsOf(guessed)).toContain('rail-guessed');
  for (const [boundary, rail] of [
    ['gpu', 'gpu'],
    ['soc', 'package'],
    ['wall', 'wall'],
  ] as const) {
    const told = await diagnoseContent(text, { ...NAMES, boundary });
    expect(told.rails).toEqual([rail]);
    expect(kindsOf(told)).not.toContain('rail-guessed');
    expect(told.profile!.boundary).toBe(boundary);
  }
  expect((await diagnoseContent(text, { ...NAMES, gpus: 2 })).rails).toEqual(['gpu']);
});

test('nothing is counted twice: a package has its cores, a machine its parts', async () => {
  const rails = async (names: string, options: ImportOptions = {}): Promise<string[]> =>
    (
      await diagnoseContent(
        `m,n,runtime_s,${names}\n8,32,2,${names
          .split(',')
          .map((_, i) => 100 + i)
          .join(',')}\n`,
        { ...NAMES, ...options },
      )
    ).rails;
  expect(await rails('cpu_energy_j,gpu_energy_j,energy_j')).toEqual(['cpu', 'gpu']);
  expect(await rails('cpu_energy_j,package_energy_j')).toEqual(['package']);
  expect(await rails('cpu_energy_j,gpu_energy_j,system_energy_j')).toEqual(['cpu', 'gpu']);
  expect(await rails('cpu_energy_j,gpu_energy_j,system_energy_j', { boundary: 'machine' })).toEqual([
    'machine',
  ]);
  expect(await rails('gpu_power_w,gpu_energy_j')).toEqual(['gpu']);
});

test('what is said of columns stands above what their names say', async () => {
  const text = 'a,b,c,d\n8,32,100000,1250\n8,32,101000,1250\n8,32,102000,1250\n';
  const columns = {
    a: { role: 'input-tokens' },
    b: { role: 'output-tokens' },
    c: { role: 'energy', unit: 'mJ', rail: 'gpu' },
    d: { role: 'runtime', unit: 'ms' },
    e: { role: 'ignore' },
  } as const;
  const diagnosis = await diagnoseContent(text, { ...NAMES, columns });
  expect(diagnosis.cells[0]).toMatchObject(CELL);
  expect(diagnosis.files[0]!.columns.map(({ how }) => how)).toEqual(['told', 'told', 'told', 'told']);
  expect(kindsOf(diagnosis)).toContain('unknown-column');
});

test.each<[string, string | Uint8Array, string]>([
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]), 'is not text'],
  ['zip', Buffer.from('PK\x03\x04 a bomb, perhaps'), 'is a zip archive'],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'is a gzip archive'],
  ['one word', 'nothing', 'is in no format that is known'],
  ['JSON without records', '[1, 2, 3]', 'JSON without records'],
  ['JSON that is cut', '{"m": 8, "n"', 'looks like JSON and is none'],
  ['JSON nested deep', `${'['.repeat(100_000)}1${']'.repeat(100_000)}`, 'nested more than 64 levels'],
  ['a list of letters', '["a","b"]', 'JSON without records'],
])('%s is refused with a sentence', async (_name, content, reason) => {
  await expect(readContent(content)).rejects.toMatchObject({
    kind: 'bad-profile',
    message: expect.stringContaining(reason) as string,
  });
});

test('lines of JSON that are none are left out, the last one as cut off', async () => {
  const line = '{"m":8,"n":32,"gpu_energy_j":100,"runtime_s":1}\n';
  const { dropped, findings, observations } = await readContent(`${line}garbage\n${line}{"m":8,"n`);
  expect(observations).toHaveLength(2);
  expect(dropped).toEqual([
    { count: 1, reason: 'no record of JSON' },
    { count: 1, reason: 'cut off: the file ends within it' },
  ]);
  expect(findings.map(({ kind }) => kind)).toEqual(['truncated']);
});
