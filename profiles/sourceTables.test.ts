/**
 * The bundled files against the tables they were made from, figure by figure. The tables are not part of the
 * project; where they do not lie beside it, in ../shared/data, these tests are skipped and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundledProfiles, bundledWorkload } from '../electron/test/bundled.ts';
import type { Cell, Profile } from '#core/profile';
import { PUBLISHED_FIGURES } from '#core/publishedFigures';

const folder = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const missing = !existsSync(folder);

type Row = Readonly<Record<string, string>>;

/** Rows of a plain CSV file (no quotes in these tables). */
function table(name: string): Row[] {
  const [head, ...lines] = readFileSync(`${folder}paper/${name}`, 'utf8').trim().split(/\r?\n/);
  const columns = head!.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, i) => [columns[i]!, value] as const)),
  );
}

const SYSTEMS: Readonly<Record<string, string>> = {
  'M1-Pro': 'm1-pro',
  'Swing AMD+A100': 'swing-a100',
  'Palmetto Intel+A100': 'palmetto-a100',
  'Palmetto Intel+V100': 'palmetto-v100',
};

/** "Llama-2 (7B)" → "llama-2-7b" */
const modelId = (name: string): string => name.toLowerCase().replace(/[()]/g, '').replace(/\s+/g, '-');

const number = (text: string | undefined): number | undefined =>
  text === undefined || text === '' || text === 'nan' ? undefined : Number(text);

function profileOf(row: Row, design: Profile['design']): Profile {
  const id = `${SYSTEMS[row['system']!]}.${modelId(row['model']!)}.${design}`;
  return bundledProfiles.find((profile) => profile.id === id)!;
}

function cellOf(profile: Profile, row: Row): Cell | undefined {
  return profile.cells.find(
    ({ m, n, sweep }) =>
      m === Number(row['input_tokens']) && n === Number(row['output_tokens']) && sweep === row['sweep'],
  );
}

describe.skipIf(missing)('the tables of the paper', () => {
  test('the two sweeps: every figure of every cell is in its file', () => {
    const rows = table('measured-means.csv');
    for (const row of rows) {
      const profile = profileOf(row, 'sweeps');
      const cell = cellOf(profile, row)!;
      const where = `${profile.id} ${row['sweep']} (${row['input_tokens']}, ${row['output_tokens']})`;
      expect(cell.trials, where).toBe(number(row['trials']));
      expect(cell.energyJ, where).toEqual({
        total: number(row['mean_total_j']),
        cpu: number(row['mean_cpu_j']),
        gpu: number(row['mean_gpu_j']),
      });
      expect(cell.runtimeS, where).toBe(number(row['mean_runtime_s']));
      expect(cell.sdEnergyJ, where).toBe(number(row['sd_total_j']));
      expect(cell.sdRuntimeS, where).toBe(number(row['sd_runtime_s']));
      const nominal = Number(row['input_tokens']) + Number(row['output_tokens']);
      expect(cell.tokensMean ?? nominal, where).toBe(number(row['mean_total_tokens']));
      expect(profile.conditions.gpus, where).toBe(number(row['gpus']));
      expect(profile.conditions.recordedBatch, where).toBe(number(row['batch_size']));
      const paperTrials = number(row['paper_trials']) ?? 0;
      expect(cell.published, where).toEqual(
        paperTrials === 0
          ? undefined
          : {
              trials: paperTrials,
              jPerToken: number(row['paper_mean_j_per_token']),
              runtimeS: number(row['paper_mean_runtime_s']),
            },
      );
    }
    const cells = bundledProfiles.filter(({ design }) => design === 'sweeps').flatMap((one) => one.cells);
    expect(cells).toHaveLength(rows.length);
  });

  test('the grids: every figure of every cell is in its file', () => {
    const rows = table('grid-means.csv');
    for (const row of rows) {
      const profile = profileOf(row, 'grid');
      const cell = cellOf(profile, row)!;
      const where = `${profile.id} (${row['input_tokens']}, ${row['output_tokens']})`;
      expect(cell.trials, where).toBe(number(row['trials']));
      expect(cell.runtimeS, where).toBe(number(row['mean_runtime_s']));
      expect(cell.energyJ.total, where).toBe(number(row['mean_total_j']));
      expect(cell.energyJ.gpu, where).toBe(number(row['mean_gpu_j']));
      expect(profile.rails.join('+'), where).toBe(row['rails']);
      expect(cell.energyJ.cpu, where).toBe(
        profile.rails.includes('cpu') ? number(row['mean_cpu_j']) : undefined,
      );
      expect(profile.conditions.gpus, where).toBe(number(row['gpus']));
    }
    const cells = bundledProfiles.filter(({ design }) => design === 'grid').flatMap((one) => one.cells);
    expect(cells).toHaveLength(rows.length);
  });

  test('the published threshold curves', () => {
    const rows = table('figure-values.csv');
    for (const axis of ['input', 'output'] as const) {
      const of = (name: string): Row[] =>
        rows.filter((row) => row['figure'] === `${axis}-threshold` && row['axis'] === name);
      const curve = PUBLISHED_FIGURES[axis];
      const hybrid = of('hybrid');
      expect(hybrid.map((row) => Number(row['threshold']))).toEqual([...curve.thresholds]);
      expect(hybrid.map((row) => Number(row['total_energy_kwh']))).toEqual([...curve.hybridKwh]);
      expect(of('M1-Pro only').map((row) => Number(row['total_energy_kwh']))).toEqual([curve.smallKwh]);
      expect(of('Swing AMD+A100 only').map((row) => Number(row['total_energy_kwh']))).toEqual([
        curve.largeKwh,
      ]);
    }
  });
});

describe.skipIf(missing)('the joint tables of the workloads', () => {
  test.each([
    ['alpaca-davinci', 'alpaca-joint.json'],
    ['gsm8k', 'gsm8k-joint.json'],
    ['azure-code', 'azure-code-joint.json'],
    ['azure-conversation', 'azure-conv-joint.json'],
  ])('%s has every pair with its count', (id, file) => {
    const { pairs } = JSON.parse(readFileSync(`${folder}workloads/${file}`, 'utf8')) as { pairs: unknown };
    expect(bundledWorkload(id).pairs).toEqual(pairs);
  });

  test('alpaca-gpt4 has the weights of every pair added up', () => {
    const file = `${folder}workloads/alpaca-gpt4-sample-poststrat.json`;
    const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { rows: [number, number, number][] };
    const weights = new Map<string, number>();
    for (const [m, n, weight] of rows) weights.set(`${m} ${n}`, (weights.get(`${m} ${n}`) ?? 0) + weight);
    const { pairs } = bundledWorkload('alpaca-gpt4');
    expect(pairs).toHaveLength(weights.size);
    for (const [m, n, weight] of pairs) expect(weight).toBeCloseTo(weights.get(`${m} ${n}`)!, 9);
  });
});
