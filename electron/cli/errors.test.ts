import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { databaseFile, openForWriting } from '../store/database.ts';
import { takeWriterLock } from '../store/lock.ts';
import { openSqlite } from '../store/sqlite.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

interface ErrorJson {
  error: { kind: string; message: string; hint: string | null };
}

const SMALL = 'm1-pro.llama-2-7b.sweeps';

test.each([
  [[], 2, 'wrong-usage'],
  [['profiles'], 2, 'wrong-usage'],
  [['dance'], 2, 'wrong-usage'],
  [['analyze', '--no-such-flag'], 2, 'wrong-usage'],
  [['profiles', 'show'], 2, 'wrong-usage'],
  [['profiles', 'list', 'extra'], 2, 'wrong-usage'],
  [['report', 'study-1'], 2, 'wrong-usage'],
  [['analyze', '--lambda'], 2, 'wrong-usage'],
  [['analyze', '--lambda', 'abc'], 3, 'bad-setting'],
  [['analyze', '--lambda', '2'], 3, 'bad-setting'],
  [['analyze', '--lambda', '-1'], 3, 'bad-setting'],
  [['analyze', '--min-saving', 'much'], 3, 'bad-setting'],
  [['analyze', '--policy', 'guess'], 3, 'bad-setting'],
  [['analyze', '--model', 'cubic'], 3, 'bad-setting'],
  [['analyze', '--model', 'paper', '--policy', 'oracle'], 3, 'bad-setting'],
  [['analyze', '--model', 'paper', '--idle', 'above-idle'], 3, 'bad-setting'],
  [['analyze', '--model', 'grid', '--idle', 'above-idle'], 3, 'incompatible'],
  [['analyze', '--model', 'grid', '--boundary', 'machine'], 3, 'incompatible'],
  [['analyze', '--assume', 'large.cpu'], 3, 'bad-setting'],
  [['analyze', '--assume', 'large.gpu=5W'], 3, 'bad-setting'],
  [['analyze', '--assume', 'large.pue=1.2'], 3, 'bad-setting'],
  [['analyze', '--surface', '1'], 3, 'bad-setting'],
  [['analyze', '--model', 'paper', '--surface'], 3, 'bad-setting'],
  [['analyze', '--boundary', 'planet'], 3, 'bad-setting'],
  [['analyze', '--boundary', 'wall'], 3, 'incompatible'],
  [['analyze', '--large', SMALL], 3, 'bad-setting'],
  [['analyze', '--small', 'm1'], 3, 'unknown-profile'],
  [['analyze', '--workload', 'w'], 3, 'unknown-workload'],
  [['profiles', 'show', 'p'], 3, 'unknown-profile'],
  [['profiles', 'export', SMALL, '--format', 'xml'], 3, 'bad-setting'],
  [['workloads', 'show', 'w'], 3, 'unknown-workload'],
  [['studies', 'show', 's'], 3, 'unknown-study'],
  [['report', 's', '--out', 'r.html'], 3, 'unknown-study'],
  [['report', 's', '--out', 'r.docx'], 3, 'bad-setting'],
  [['report', 's', '--out', 'r'], 3, 'bad-setting'],
])('crossover %s ends with %i, %s', async (args, code, kind) => {
  const data = ['--data', temporaryFolder()];
  const asJson = await runJson<ErrorJson>([...args, ...data]);
  expect(asJson.code).toBe(code);
  expect(asJson.json.error.kind).toBe(kind);
  expect(asJson.json.error.message).toMatch(/\S[.]$/);
  expect(asJson.json.error.hint).toMatch(/\S[.]$/);
  expect(asJson.err).toBe('');

  const forPeople = await runCli([...args, ...data]);
  expect(forPeople.code).toBe(code);
  expect(forPeople.out).toBe('');
  expect(forPeople.err).toBe(`crossover: ${asJson.json.error.message}\n${asJson.json.error.hint}\n`);
});

test('an empty --data is bad input', async () => {
  expect(await runJson(['doctor', '--data', ''])).toMatchObject({
    code: 3,
    json: { error: { kind: 'bad-setting' } },
  });
});

test('a mistyped command is answered with the near one', async () => {
  expect((await runCli(['analyse'])).err).toContain('analyze');
});

test('version and help are answers, not errors', async () => {
  expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  const help = await runCli(['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  for (const command of [
    'demo',
    'doctor',
    'profiles',
    'workloads',
    'analyze',
    'studies',
    'reproduce',
    'report',
  ]) {
    expect(help.out).toMatch(new RegExp(`^  ${command}`, 'm'));
  }
});

test.each([
  [['demo']],
  [['doctor']],
  [['profiles', 'list']],
  [['profiles', 'show']],
  [['profiles', 'export']],
  [['workloads', 'list']],
  [['workloads', 'show']],
  [['analyze']],
  [['studies', 'list']],
  [['studies', 'show']],
  [['reproduce']],
  [['report']],
])('the help of %s has an example and the flags that every command takes', async (command) => {
  const { code, out } = await runCli([...command, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Example:\n  crossover ${command.join(' ')}`);
  expect(out).toContain('--json');
  expect(out).toContain('--data <dir>');
});

test('a report does not replace a file, nor make a folder', async () => {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'lab')];
  const { json } = await runJson<{ study: string }>(['analyze', ...data]);
  const file = path.join(folder, 'r.html');
  writeFileSync(file, 'mine');
  expect(await runJson(['report', json.study, '--out', file, ...data])).toMatchObject({
    code: 3,
    json: { error: { kind: 'file-exists' } },
  });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect((await runCli(['report', json.study, '--out', file, '--force', ...data])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('<html');
  const nowhere = path.join(folder, 'no', 'r.html');
  expect(await runJson(['report', json.study, '--out', nowhere, ...data])).toMatchObject({
    code: 4,
    json: { error: { kind: 'file-not-writable' } },
  });
  expect(existsSync(path.dirname(nowhere))).toBe(false);
});

test('a newer database is refused by every command, and doctor says so in its report', async () => {
  const folder = temporaryFolder();
  const db = openForWriting(folder);
  db.pragma('user_version = 99');
  db.close();
  const before = readFileSync(databaseFile(folder));
  for (const args of [['profiles', 'list'], ['analyze'], ['reproduce'], ['demo']]) {
    const { code, json } = await runJson<ErrorJson>([...args, '--data', folder]);
    expect(code).toBe(3);
    expect(json.error.kind).toBe('database-newer');
  }
  const doctor = await runJson<{ missing: string[] }>(['doctor', '--data', folder]);
  expect(doctor.code).toBe(3);
  expect(doctor.json.missing[0]).toContain('newer version');
  expect(readFileSync(databaseFile(folder))).toEqual(before);
});

test('a damaged database is refused and stays as it is', async () => {
  const folder = temporaryFolder();
  writeFileSync(databaseFile(folder), 'garbage '.repeat(1000));
  const { code, json } = await runJson<ErrorJson>(['profiles', 'list', '--data', folder]);
  expect(code).toBe(3);
  expect(json.error).toMatchObject({
    kind: 'database-damaged',
    hint: expect.stringContaining('Move it aside') as string,
  });
  expect(readFileSync(databaseFile(folder), 'utf8')).toBe('garbage '.repeat(1000));
});

test('a folder in use refuses what writes and serves what reads', async () => {
  const folder = temporaryFolder();
  await runCli(['profiles', 'list', '--data', folder]);
  const lock = takeWriterLock(folder, 'window');
  for (const args of [['analyze'], ['demo']]) {
    const { code, json } = await runJson<ErrorJson>([...args, '--data', folder]);
    expect(code).toBe(4);
    expect(json.error.kind).toBe('database-in-use');
    expect(json.error.message).toContain("Crossover's window");
  }
  for (const args of [
    ['profiles', 'list'],
    ['workloads', 'show', 'gsm8k'],
    ['reproduce'],
    ['studies', 'list'],
    ['doctor'],
  ]) {
    expect((await runCli([...args, '--data', folder])).code).toBe(0);
  }
  lock.release();
});

test('a fresh folder in use says so, since there is nothing to read yet', async () => {
  const folder = temporaryFolder();
  const lock = takeWriterLock(folder, 'window');
  expect(await runJson(['profiles', 'list', '--data', folder])).toMatchObject({
    code: 4,
    json: { error: { kind: 'database-in-use' } },
  });
  lock.release();
});

test('a database that some other program has locked is in use', async () => {
  const folder = temporaryFolder();
  await runCli(['profiles', 'list', '--data', folder]);
  const other = openSqlite(path.join(folder, 'writer.lock'));
  other.exec('BEGIN EXCLUSIVE');
  const { code, err } = await runCli(['analyze', '--data', folder]);
  expect(code).toBe(4);
  expect(err).toContain('another Crossover');
  other.close();
});

test('a file where the data folder should be is bad input', async () => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await runJson(['profiles', 'list', '--data', file])).toMatchObject({
    code: 3,
    json: { error: { kind: 'bad-setting' } },
  });
});

test('an interrupted command ends with 130', async () => {
  const controller = new AbortController();
  controller.abort();
  const { code, err } = await runCli(['profiles', 'list', '--data', temporaryFolder()], controller.signal);
  expect(code).toBe(130);
  expect(err).toContain('Interrupted');
});

test('what nobody expected ends with 1, a sentence, and the details in the log', async () => {
  const folder = temporaryFolder();
  await runCli(['analyze', '--data', folder]);
  const db = openForWriting(folder);
  db.exec('DROP TABLE study');
  db.close();
  const { code, json } = await runJson<ErrorJson>(['studies', 'list', '--data', folder]);
  expect(code).toBe(1);
  expect(json.error).toMatchObject({
    kind: 'internal',
    message: expect.stringContaining('no such table: study') as string,
    hint: `The details are in ${path.join(folder, 'logs', 'crossover.log')}.`,
  });
  expect(readFileSync(path.join(folder, 'logs', 'crossover.log'), 'utf8')).toMatch(
    /no such table: study[\s\S]*at /,
  );
});

test('where the log cannot be written either, the sentence still comes', async () => {
  const folder = temporaryFolder();
  await runCli(['analyze', '--data', folder]);
  const db = openForWriting(folder);
  db.exec('DROP TABLE study');
  db.close();
  mkdirSync(path.join(folder, 'logs', 'crossover.log'), { recursive: true });
  const { code, err } = await runCli(['studies', 'list', '--data', folder]);
  expect(code).toBe(1);
  expect(err).toMatch(/no such table: study\.\nThe log could not be written\.\n$/);
});
