/** Captured files, broken in many ways, through the whole import. They lie beside the repository, not in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { fuzz } from '../test/fuzzImport.ts';

const RUNS = 200;
/** so much of a file is broken: its form is in its beginning */
const BYTES = 4096;

const folder = '../shared/data/captures';
const captures = existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name !== 'INDEX.md')
      .map((entry) => path.join(entry.parentPath, entry.name))
  : [];

describe.skipIf(captures.length === 0)('broken captures', () => {
  test.each(captures.map((file) => [path.basename(file), file]))('%s', (_name, file) =>
    fuzz(readFileSync(file).subarray(0, BYTES), RUNS),
  );
});
