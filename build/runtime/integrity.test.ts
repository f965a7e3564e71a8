import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyIntegrity } from './integrity.mjs';
import { Problem } from './messages.mjs';

// The SHA-512 of "abc", from FIPS 180-2.
const ofAbc = `sha512-${Buffer.from(
  'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  'hex',
).toString('base64')}`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'integrity-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the expected file is accepted', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'abc');
  await expect(verifyIntegrity(file, ofAbc)).resolves.toBeUndefined();
});

test('a changed file is refused', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'abd');
  await expect(verifyIntegrity(file, ofAbc)).rejects.toThrow(Problem);
});
