import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { LabError } from '#core/errors';
import { writeError, writeWhole } from './writeWhole.ts';

test('a file is written whole, and nothing else stays beside it', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'report.html');
  writeWhole(file, 'λ = 1\n');
  expect(readFileSync(file, 'utf8')).toBe('λ = 1\n');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test('a file that is there already is kept, unless it is to be replaced', () => {
  const file = path.join(temporaryFolder(), 'report.html');
  writeWhole(file, 'old');
  const error = labErrorOf(() => writeWhole(file, 'new'));
  expect(error.kind).toBe('file-exists');
  expect(error.hint).toContain('--force');
  expect(readFileSync(file, 'utf8')).toBe('old');
  writeWhole(file, 'new', { overwrite: true });
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(path.dirname(file))).toEqual(['report.html']);
});

test('bytes are written as they are', () => {
  const file = path.join(temporaryFolder(), 'chart.png');
  writeWhole(file, Uint8Array.of(0x89, 0x50, 0, 0xff));
  expect([...readFileSync(file)]).toEqual([0x89, 0x50, 0, 0xff]);
});

test('a link to nowhere is a file that is there already', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'report.html');
  symlinkSync(path.join(folder, 'nowhere'), file);
  expect(labErrorOf(() => writeWhole(file, 'new')).kind).toBe('file-exists');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test('what cannot be written is said with its place, and leaves nothing', () => {
  const folder = temporaryFolder();
  expect(labErrorOf(() => writeWhole(path.join(folder, 'no', 'such', 'r.html'), ''))).toMatchObject({
    kind: 'file-not-writable',
    message: `There is no folder ${path.join(folder, 'no', 'such')}. Nothing was written.`,
  });
  mkdirSync(path.join(folder, 'a-folder'));
  expect(
    labErrorOf(() => writeWhole(path.join(folder, 'a-folder'), '', { overwrite: true })).message,
  ).toContain('is a folder');
  writeFileSync(path.join(folder, 'file'), '');
  expect(labErrorOf(() => writeWhole(path.join(folder, 'file', 'r.html'), '')).kind).toBe(
    'file-not-writable',
  );
  expect(labErrorOf(() => writeWhole(path.join(folder, 'x'.repeat(300)), '')).message).toContain('too long');
  expect(readdirSync(folder).sort()).toEqual(['a-folder', 'file']);
});

test.each([
  'Bericht Ω 数 🔋.html',
  ' a b  c.html',
  "it's 100% (1) & #2; $HOME.html",
  'שלום مرحبا.html',
  '-rf.html',
])('a file may be named %s', (name) => {
  const folder = temporaryFolder();
  writeWhole(path.join(folder, name), 'λ');
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(path.join(folder, name), 'utf8')).toBe('λ');
});

test('a file that somebody has open is replaced, and its reader keeps what was there', () => {
  const file = path.join(temporaryFolder(), 'report.html');
  writeWhole(file, 'old');
  const reader = openSync(file, 'r');
  try {
    writeWhole(file, 'new', { overwrite: true });
    expect(readFileSync(reader, 'utf8')).toBe('old');
    expect(readFileSync(file, 'utf8')).toBe('new');
  } finally {
    closeSync(reader);
  }
});

test.each([
  ['ENOSPC', 'disk-full', 'The disk with /r is full. Nothing was written.'],
  ['EDQUOT', 'disk-full', 'The disk with /r is full. Nothing was written.'],
  ['EROFS', 'file-not-writable', '/r may not be written to. Nothing was written.'],
  ['EACCES', 'file-not-writable', '/r may not be written to. Nothing was written.'],
  ['EEXIST', 'file-exists', '/r/a.html exists already. It was left as it is.'],
] as const)('what the system calls %s is said in a sentence', (code, kind, message) => {
  const error = writeError(Object.assign(new Error(code), { code }), '/r/a.html');
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ kind, message });
});

// Who is root may write anywhere.
test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a folder that is read-only keeps what is in it',
  () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'report.html'), 'old');
    chmodSync(folder, 0o500);
    try {
      const error = labErrorOf(() =>
        writeWhole(path.join(folder, 'report.html'), 'new', { overwrite: true }),
      );
      expect(error).toMatchObject({ kind: 'file-not-writable' });
    } finally {
      chmodSync(folder, 0o700);
    }
    expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toBe('old');
  },
);
