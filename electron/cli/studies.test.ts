import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';

interface Listed {
  studies: { id: string; name: string; note: string; title: string }[];
}

let data: string;
let ids: string[];

beforeAll(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'crossover-test-'));
  ids = [];
  for (const workload of ['alpaca-davinci', 'gsm8k']) {
    const { json } = await runJson<{ study: string }>(['analyze', '--workload', workload, '--data', data]);
    ids.push(json.study);
  }
});

afterAll(() => rmSync(data, { recursive: true, force: true }));

const listed = async (): Promise<Listed['studies']> =>
  (await runJson<Listed>(['studies', 'list', '--data', data])).json.studies;

describe('studies', () => {
  test('have a name and a note, which change nothing else of them', async () => {
    const [id] = ids;
    const before = await runJson<Record<string, unknown>>(['studies', 'show', id!, '--data', data]);
    expect(before.json).toMatchObject({
      name: '',
      note: '',
      versions: { crossover: expect.any(String) as string },
    });
    const renamed = await runCli([
      'studies',
      'rename',
      id!,
      'Mine',
      '--note',
      'for the paper',
      '--data',
      data,
    ]);
    expect(renamed).toMatchObject({ code: 0, out: `${id} is now "Mine".\n` });
    const after = await runJson<Record<string, unknown>>(['studies', 'show', id!, '--data', data]);
    expect(after.json).toEqual({ ...before.json, name: 'Mine', note: 'for the paper' });
    expect((await listed()).find((each) => each.id === id)).toMatchObject({ name: 'Mine' });
    expect((await runCli(['studies', 'show', id!, '--data', data])).out).toMatch(
      /^Mine: .*\n─+\n\nfor the paper\n/,
    );
    expect((await runCli(['studies', 'rename', id!, '', '--data', data])).out).toBe(`${id} has no name.\n`);
    expect((await listed()).find((each) => each.id === id)).toMatchObject({
      name: '',
      note: 'for the paper',
    });
  });

  test('run again are the same study, name and all', async () => {
    const [id] = ids;
    await runCli(['studies', 'rename', id!, 'Kept', '--data', data]);
    const { json } = await runJson<{ study: string; name: string }>(['analyze', '--data', data]);
    expect(json).toMatchObject({ study: id, name: 'Kept' });
    expect(await listed()).toHaveLength(2);
  });

  test('are set side by side', async () => {
    const { code, json } = await runJson<{ inputs: unknown[]; verdict: { same: boolean } }>([
      'studies',
      'compare',
      ...ids,
      '--data',
      data,
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      settings: [],
      inputs: [{ input: 'workload', a: { id: 'alpaca-davinci' }, b: { id: 'gsm8k' } }],
    });
    const { out } = await runCli(['studies', 'compare', ...ids, '--data', data]);
    expect(out).toMatch(/workload {2}alpaca-davinci {2}gsm8k/);
    expect(out).toMatch(/threshold-in +32 +\d+ +0\.743/);
  });

  test('that are not there, or cannot be named like this, are said to be so with exit code 3', async () => {
    for (const args of [
      ['rename', 'study-1', 'x'],
      ['remove', 'study-1'],
      ['compare', ids[0]!, 'study-1'],
    ]) {
      const { code, json } = await runJson<{ error: { kind: string } }>(['studies', ...args, '--data', data]);
      expect([code, json.error.kind]).toEqual([3, 'unknown-study']);
    }
    const { code, json } = await runJson<{ error: { kind: string } }>([
      'studies',
      'rename',
      ids[0]!,
      'x'.repeat(201),
      '--data',
      data,
    ]);
    expect([code, json.error.kind]).toEqual([3, 'bad-setting']);
  });

  test('are removed, and nothing else with them', async () => {
    const [kept, gone] = ids;
    expect(await runJson(['studies', 'remove', gone!, '--data', data])).toMatchObject({
      code: 0,
      json: { removed: gone },
    });
    expect((await listed()).map(({ id }) => id)).toEqual([kept]);
    expect((await runCli(['studies', 'show', kept!, '--data', data])).code).toBe(0);
    expect((await runCli(['profiles', 'show', 'm1-pro.llama-2-7b.sweeps', '--data', data])).code).toBe(0);
  });
});
