import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { writeWhole } from './writeWhole.ts';

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
