/** The bundled profiles and workloads, read from the repository, and small made-up ones, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { parseProfile, type Cell, type Profile } from '#core/profile';
import { parseWorkload, type Workload } from '#core/workload';

const folder = fileURLToPath(new URL('../../profiles/', import.meta.url));

export const bundledProfiles: readonly Profile[] = readdirSync(`${folder}bundled`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parseProfile(parse(readFileSync(`${folder}bundled/${name}`, 'utf8')), name));

export const bundledWorkloads: readonly Workload[] = readdirSync(`${folder}workloads`)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseWorkload(JSON.parse(readFileSync(`${folder}workloads/${name}`, 'utf8')), name));

export function bundledProfile(id: string): Profile {
  const found = bundledProfiles.find((profile) => profile.id === id);
  if (!found) throw new Error(`no bundled profile ${id}`);
  return found;
}

export function bundledWorkload(id: string): Workload {
  const found = bundledWorkloads.find((workload) => workload.id === id);
  if (!found) throw new Error(`no bundled workload ${id}`);
  return found;
}

/** A profile of two sweeps, made up: `[tokens, J of a query, s of a query]` along each axis. */
export function madeProfile(
  id: string,
  input: readonly (readonly [number, number, number])[],
  output: readonly (readonly [number, number, number])[] = input,
  changes: Partial<Profile> = {},
): Profile {
  const cell =
    (sweep: 'input' | 'output') =>
    ([length, energy, runtime]: readonly [number, number, number]) =>
      ({
        m: sweep === 'input' ? length : 32,
        n: sweep === 'input' ? 32 : length,
        sweep,
        trials: 5,
        energyJ: { total: energy, gpu: energy },
        sdEnergyJ: energy / 100,
        runtimeS: runtime,
      }) satisfies Cell;
  return {
    format: 'crossover-profile',
    version: 1,
    id,
    name: `Made-up ${id}`,
    system: { id, name: `System ${id}`, label: id.toUpperCase(), place: 'other', hardware: 'made up' },
    model: { id: 'made-up', name: 'Made-up' },
    design: 'sweeps',
    estimate: false,
    conditions: { engine: 'none', precision: 'fp16', kvCache: true, batch: 1, gpus: 1 },
    rails: ['gpu'],
    boundary: 'gpu',
    boundaryNote: 'made up',
    source: { title: 'A test', authors: 'none' },
    notes: [],
    cells: [...input.map(cell('input')), ...output.map(cell('output'))],
    ...changes,
  };
}

export function madeWorkload(pairs: readonly (readonly [number, number, number])[]): Workload {
  return {
    format: 'crossover-workload',
    version: 1,
    id: 'made-up',
    name: 'Made-up',
    modelled: false,
    tokenizer: null,
    licence: 'MIT',
    source: 'a test',
    upstream: 'a test',
    note: '',
    pairs: pairs.map(([m, n, count]) => [m, n, count]),
  };
}
