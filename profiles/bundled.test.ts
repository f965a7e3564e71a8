import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundledProfiles, bundledWorkloads } from '../electron/test/bundled.ts';
import { parseProfile, RAILS } from '#core/profile';
import { parseWorkload, queryCount } from '#core/workload';

const folder = fileURLToPath(new URL('./', import.meta.url));
const profileFiles = readdirSync(`${folder}bundled`);
const workloadFiles = readdirSync(`${folder}workloads`);

/** Every bundled profile with its number of cells. */
const CELLS: Readonly<Record<string, number>> = {
  'm1-pro.llama-2-7b.sweeps': 16,
  'm1-pro.mistral-7b.sweeps': 16,
  'palmetto-a100.falcon-7b.sweeps': 19,
  'palmetto-a100.llama-2-7b.sweeps': 19,
  'palmetto-a100.mistral-7b.sweeps': 19,
  'palmetto-v100.falcon-7b.sweeps': 16,
  'palmetto-v100.llama-2-7b.sweeps': 18,
  'palmetto-v100.mistral-7b.sweeps': 18,
  'swing-a100.falcon-7b.sweeps': 19,
  'swing-a100.llama-2-7b.sweeps': 19,
  'swing-a100.mistral-7b.sweeps': 19,
  'm1-pro.llama-2-7b.grid': 62,
  'swing-a100.falcon-40b.grid': 81,
  'swing-a100.falcon-7b.grid': 81,
  'swing-a100.llama-2-13b.grid': 81,
  'swing-a100.llama-2-70b.grid': 80,
  'swing-a100.llama-2-7b.grid': 81,
  'swing-a100.mistral-7b.grid': 81,
  'swing-a100.mixtral-8x7b.grid': 81,
};

describe('the bundled profiles', () => {
  test('are eleven pairs of sweeps and eight grids, with these numbers of cells', () => {
    expect(Object.fromEntries(bundledProfiles.map(({ id, cells }) => [id, cells.length]))).toEqual(CELLS);
    const designs = bundledProfiles.map(({ design }) => design);
    expect(designs.filter((design) => design === 'sweeps')).toHaveLength(11);
    expect(designs.filter((design) => design === 'grid')).toHaveLength(8);
  });

  test.each(profileFiles)('%s is valid and named after its id', (file) => {
    const profile = parseProfile(parse(readFileSync(`${folder}bundled/${file}`, 'utf8')), file);
    expect(file).toBe(`${profile.id}.yaml`);
    expect(profile.id).toBe(`${profile.system.id}.${profile.model.id}.${profile.design}`);
  });

  test.each(bundledProfiles)('$id: rails add up to the total, to six digits', ({ cells, rails }) => {
    for (const { m, n, energyJ } of cells) {
      const parts = rails.reduce((total, rail) => total + energyJ[rail]!, 0);
      // Each figure is rounded to six significant digits, so each may be off by 5 parts in a million.
      const rounding =
        5e-6 * (energyJ.total + rails.reduce((all, rail) => all + Math.abs(energyJ[rail]!), 0));
      expect(Math.abs(parts - energyJ.total), `(${m}, ${n})`).toBeLessThanOrEqual(rounding);
      for (const rail of RAILS) expect(energyJ[rail] !== undefined).toBe(rails.includes(rail));
    }
  });

  test.each(bundledProfiles)('$id names its source, and what its energy leaves out', (profile) => {
    expect(profile.source).toMatchObject({
      doi: '10.1145/3632775.3662830',
      arxiv: '2407.00010',
      repository: 'grantwilkins/energy-inference',
      commit: '5c2cfa4',
    });
    expect(profile.boundaryNote).toContain('wall power');
    expect(profile.conditions).toMatchObject({ kvCache: false, batch: 1 });
    expect(profile.estimate).toBe(false);
  });

  test('count CPU and GPU, but the grids of Swing the GPUs alone', () => {
    for (const { id, rails, boundary, design, system } of bundledProfiles) {
      const alone = design === 'grid' && system.id === 'swing-a100';
      expect([id, ...rails, boundary]).toEqual(alone ? [id, 'gpu', 'gpu'] : [id, 'cpu', 'gpu', 'gpu+cpu']);
    }
  });

  test('large models ran on several GPUs', () => {
    const several = bundledProfiles.filter(({ conditions }) => conditions.gpus > 1);
    expect(Object.fromEntries(several.map(({ model, conditions }) => [model.id, conditions.gpus]))).toEqual({
      'falcon-40b': 3,
      'llama-2-70b': 4,
      'mixtral-8x7b': 3,
    });
  });

  test('doubt three cells, and keep them as published', () => {
    const doubted = bundledProfiles.flatMap(({ id, cells }) =>
      cells.filter(({ doubt }) => doubt !== undefined).map(({ m, n }) => `${id} (${m}, ${n})`),
    );
    expect(doubted).toEqual([
      'm1-pro.llama-2-7b.grid (21, 338)',
      'm1-pro.llama-2-7b.grid (21, 1724)',
      'palmetto-v100.mistral-7b.sweeps (2048, 32)',
    ]);
  });
});

describe('the bundled workloads', () => {
  test.each(workloadFiles)('%s is valid and named after its id', (file) => {
    const workload = parseWorkload(JSON.parse(readFileSync(`${folder}workloads/${file}`, 'utf8')), file);
    expect(file).toBe(`${workload.id}.json`);
  });

  test('have their numbers of queries and of pairs', () => {
    const rounded = bundledWorkloads.map((workload) => [
      workload.id,
      Number(queryCount(workload).toFixed(2)),
      workload.pairs.length,
    ]);
    expect(rounded).toEqual([
      ['alpaca-davinci', 51_941, 9010],
      ['alpaca-gpt4', 1000, 917],
      ['azure-code', 8819, 7981],
      ['azure-conversation', 19_366, 14_027],
      ['gsm8k', 7473, 5430],
    ]);
  });

  test('name each pair of lengths once', () => {
    for (const { id, pairs } of bundledWorkloads) {
      expect(new Set(pairs.map(([m, n]) => `${m} ${n}`)).size, id).toBe(pairs.length);
    }
  });

  test('have whole counts, but for the modelled one, which says that it is', () => {
    for (const { id, modelled, pairs, note } of bundledWorkloads) {
      expect(modelled, id).toBe(id === 'alpaca-gpt4');
      if (modelled) expect(note).toContain('Modelled');
      else expect(pairs.every(([, , count]) => Number.isInteger(count))).toBe(true);
    }
  });

  test('name licence and source', () => {
    expect(Object.fromEntries(bundledWorkloads.map(({ id, licence }) => [id, licence]))).toEqual({
      'alpaca-davinci': 'CC BY-NC 4.0 (upstream data); counts only here',
      'alpaca-gpt4': 'CC BY-NC 4.0 (upstream data); counts only here',
      'azure-code': 'CC BY 4.0',
      'azure-conversation': 'CC BY 4.0',
      gsm8k: 'MIT',
    });
    for (const { upstream } of bundledWorkloads) expect(upstream.length).toBeGreaterThan(10);
  });
});

test('the examples of the description are valid files', () => {
  const description = readFileSync(`${folder}README.md`, 'utf8');
  const example = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(description)![1]!;
  expect(parseProfile(parse(example('yaml')), 'README.md').cells).toHaveLength(3);
  expect(parseWorkload(JSON.parse(example('json')), 'README.md').pairs).toHaveLength(3);
});
