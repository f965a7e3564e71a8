import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { writeFolder } from './writeFolder.ts';

const FILES = new Map([
  ['a.json', '{}'],
  ['ünïcode 数.py', 'λ'],
]);

test('a folder appears whole, with nothing beside it', () => {
  const parent = temporaryFolder();
  writeFolder(path.join(parent, 'policy'), FILES);
  expect(readdirSync(parent)).toEqual(['policy']);
  expect(readFileSync(path.join(parent, 'policy', 'ünïcode 数.py'), 'utf8')).toBe('λ');
});

test('a folder that is there already is left alone, unless it is to be replaced; other files in it stay', () => {
  const folder = path.join(temporaryFolder(), 'policy');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'a.json'), 'mine');
  writeFileSync(path.join(folder, 'other'), 'mine');
  expect(labErrorOf(() => writeFolder(folder, FILES)).kind).toBe('file-exists');
  expect(readFileSync(path.join(folder, 'a.json'), 'utf8')).toBe('mine');
  writeFolder(folder, FILES, { overwrite: true });
  expect(readFileSync(path.join(folder, 'a.json'), 'utf8')).toBe('{}');
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'other', 'ünïcode 数.py']);
});

test('what cannot be written leaves nothing', () => {
  const parent = temporaryFolder();
  expect(labErrorOf(() => writeFolder(path.join(parent, 'no', 'policy'), FILES))).toMatchObject({
    kind: 'file-not-writable',
  });
  expect(labErrorOf(() => writeFolder(path.join(parent, 'x'.repeat(300)), FILES))).toMatchObject({
    kind: 'file-not-writable',
  });
  expect(readdirSync(parent)).toEqual([]);
});
