/**
 * The authors' own trial tables, imported, against the means that were made of them by another program. The tables lie
 * beside the repository, not in it.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Diagnosis } from '#core/import/diagnosis';
import { openLab } from '../lab.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const data = '../shared/data';
const raw = path.join(data, 'captures', 'paper-raw');

function rowsOf(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path.join(data, 'paper', file), 'utf8')
    .trim()
    .split('\n');
  const names = head.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

async function check(file: string): Promise<Diagnosis> {
  const lab = openLab({ dataFolder: temporaryFolder(), program: 'command line', version: '0.0.0' });
  onTestFinished(() => lab.close());
  return lab.imports.check([path.join(raw, file)], {});
}

/** Six significant digits, as the means have them. */
function expectClose(found: number | undefined, expected: string): void {
  expect(found! / Number(expected)).toBeCloseTo(1, 5);
}

describe.skipIf(!existsSync(raw))('the tables of the paper', () => {
  test('Falcon 7B on Swing: the input sweep, cell by cell', async () => {
    const { cells, profile, nearest } = await check('summary_falcon_argonne-swing-1_input.csv');
    const expected = rowsOf('measured-means.csv').filter(
      ({ sweep, system, model }) =>
        sweep === 'input' && system === 'Swing AMD+A100' && model === 'Falcon (7B)',
    );
    expect(cells).toHaveLength(expected.length);
    expected.forEach((row, i) => {
      const cell = cells[i]!;
      expect(cell.n).toBe(Number(row['output_tokens']));
      // Cells are called by the tokens that went in; the means by the length that was meant.
      expect(Math.abs(cell.m / Number(row['input_tokens']) - 1)).toBeLessThan(0.05);
      expect(cell.trials).toBe(Number(row['trials']));
      expectClose(cell.runtimeS, row['mean_runtime_s']!);
      expectClose(cell.sdRuntimeS, row['sd_runtime_s']!);
      expectClose(cell.energyJ.cpu, row['mean_cpu_j']!);
      expectClose(cell.energyJ.gpu, row['mean_gpu_j']!);
      expectClose(cell.energyJ.total, row['mean_total_j']!);
      expectClose(cell.sdEnergyJ, row['sd_total_j']!);
      expectClose(cell.tokensMean ?? cell.m + cell.n, row['mean_total_tokens']!);
    });
    expect(profile).toMatchObject({
      system: { name: 'argonne-swing', place: 'gpu' },
      model: { id: 'falcon-7b' },
      conditions: { batch: 1, recordedBatch: 32, gpus: 1, kvCache: false },
    });
    expect(nearest).toContain('falcon-7b');
  });

  test('Llama-2 7B on the M1 Pro: the grid where every answer had the length that was asked for', async () => {
    const { cells, profile, findings } = await check('m1pro_summary_independence.csv');
    const expected = rowsOf('grid-means.csv').filter(
      ({ system, model }) => system === 'M1-Pro' && model === 'Llama-2 (7B)',
    );
    let compared = 0;
    for (const row of expected) {
      const cell = cells.find(
        ({ m, n }) => m === Number(row['input_tokens']) && n === Number(row['output_tokens']),
      );
      if (cell?.trials !== Number(row['trials'])) continue;
      compared += 1;
      expectClose(cell.runtimeS, row['mean_runtime_s']!);
      expectClose(cell.energyJ.total, row['mean_total_j']!);
      expectClose(cell.energyJ.cpu, row['mean_cpu_j']!);
      expectClose(cell.energyJ.gpu, row['mean_gpu_j']!);
    }
    expect(compared).toBeGreaterThanOrEqual(50);
    // Those whose answers stopped far earlier are cells of their own.
    expect(findings.map(({ kind }) => kind)).toContain('output-limit');
    expect(profile!.system).toMatchObject({ id: 'm1-pro', place: 'mac' });
  });

  test('what was asked for and what came are told apart in the table that has both', async () => {
    const { cells, dropped, findings } = await check('m1pro_summary_input-test.csv');
    expect(cells.filter(({ n }) => n === 64)).toHaveLength(8);
    const [first] = cells;
    expect(first).toMatchObject({ m: 9, n: 64, trials: 6 });
    expect(first).not.toHaveProperty('tokensMean');
    expect(cells.find(({ m, n }) => m === 541 && n === 64)!.tokensMean).toBeLessThan(541 + 62);
    expect(dropped).toEqual([
      { count: 3, reason: 'the phase "load model" is not inference' },
      { count: 9, reason: 'warm-up (iteration 0)' },
    ]);
    expect(findings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['batch', 'output-limit', 'few-trials']),
    );
  });

  test('pyJoules has no tokens: it is refused with the reason, and imports with the tokens said', async () => {
    const file = 'r244_pyjoules_semicolon.csv';
    const refused = await check(file);
    expect(refused.profile).toBeNull();
    expect(refused.units).toMatchObject({ nvidia_gpu_0: 'mJ', duration: 's' });
    expect(refused.findings[0]).toMatchObject({ kind: 'no-tokens', level: 'error' });
    const lab = openLab({ dataFolder: temporaryFolder(), program: 'command line', version: '0.0.0' });
    const { cells } = await lab.imports.check([path.join(raw, file)], {
      inputTokens: 10,
      outputTokens: 64,
      system: 'A100',
      model: 'Falcon 7B',
    });
    lab.close();
    expect(cells).toEqual([expect.objectContaining({ m: 10, n: 64, trials: 28 })]);
    // 28 queries of about 6 s at about 136 W.
    expect(cells[0]!.energyJ.gpu).toBeGreaterThan(700);
    expect(cells[0]!.energyJ.gpu).toBeLessThan(1000);
  });
});
