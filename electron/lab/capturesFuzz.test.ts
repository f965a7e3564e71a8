/** Captured files, broken in every way: what is read of them is finite, or there is a reason. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { mutation, numbersIn } from '../test/brokenFiles.ts';
import { readSources } from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { memorySource } from '../importers/profiles/source.ts';
import { openPowerLog } from './powerLogs.ts';

const folder = '../shared/data/captures';
/** So many mutations of each file; more with CROSSOVER_FUZZ=10 before the command. */
const RUNS = 25 * Number(process.env.CROSSOVER_FUZZ ?? 1);
/** So much of each file: what is wrong deep inside a long one is wrong in a short one as well. */
const BYTES = 12_000;

describe.skipIf(!existsSync(folder))('broken captures', () => {
  const files = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

  test.each(files)('%s', async (file) => {
    const content = readFileSync(file).subarray(0, BYTES);
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const bytes = mutations.reduce<Buffer>((changed, each) => each(changed), Buffer.from(content));
        try {
          const { readings, logs } = await readSources(
            [memorySource(path.basename(file), bytes)],
            {},
            { formats: IMPORT_FORMATS, openPowerLog },
          );
          for (const log of logs) expect(numbersIn(log.span).every(Number.isFinite)).toBe(true);
          for (const { observations } of readings) {
            for (const { row, trials } of observations) expect(row * trials).toBeGreaterThan(0);
          }
        } catch (thrown) {
          if (!(thrown instanceof LabError)) throw thrown;
          expect(thrown.message.length).toBeLessThan(1500);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
