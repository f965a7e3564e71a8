import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { TakenBundle, Verification } from '#core/studyBundle';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

test('a study goes out as a bundle, is verified, and opens elsewhere', async () => {
  const folder = temporaryFolder();
  const home = ['--data', path.join(folder, 'home')];
  const { json } = await runJson<{ study: string }>(['analyze', ...home]);
  const file = path.join(folder, 'Untersuchung Ω 数.crossover');
  expect((await runCli(['report', json.study, '--out', file, ...home])).code).toBe(0);

  const verified = await runJson<Verification>(['verify', file]);
  expect(verified).toMatchObject({ code: 0, json: { verified: true, study: json.study } });
  const text = await runCli(['verify', file]);
  expect(text.out).toContain('is verified: all');

  const away = ['--data', path.join(folder, 'away')];
  const taken = await runJson<TakenBundle>(['studies', 'import', file, ...away]);
  expect(taken).toMatchObject({ code: 0, json: { study: json.study, current: true, already: false } });
  expect((await runCli(['studies', 'show', json.study, ...away])).code).toBe(0);

  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 4;
  writeFileSync(file, bytes);
  const broken = await runJson<{ error: { kind: string; message: string } }>(['verify', file]);
  expect(broken).toMatchObject({ code: 3, json: { error: { kind: 'bad-bundle' } } });
  expect((await runCli(['studies', 'import', file, ...away])).code).toBe(3);
});

test('every form of a report is written, and none over another', async () => {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'data')];
  const { json } = await runJson<{ study: string }>(['analyze', ...data]);
  for (const name of ['r.html', 'r.md', 'r.csv', 'r.json', 'r.crossover', 'r.zip']) {
    const out = path.join(folder, name);
    const written = await runJson<{ bytes: number }>(['report', json.study, '--out', out, ...data]);
    expect(written.code).toBe(0);
    expect(readFileSync(out).length).toBe(written.json.bytes);
    const again = await runJson<{ error: { kind: string } }>(['report', json.study, '--out', out, ...data]);
    expect(again.json.error.kind).toBe('file-exists');
  }
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});
