/**
 * Broken files through the whole import: a diagnosis in its form, or a sentence; never a crash, a hang or a number that
 * is none. More cases with CROSSOVER_FUZZ=10 before the command.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { LabError } from '#core/errors';
import { diagnosisSchema } from '#core/import/diagnosis';
import { diagnose } from '#core/import/doctor';
import type { ImportOptions } from '#core/import/options';
import { parseProfile } from '#core/profile';
import { readSources } from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { memorySource } from '../importers/profiles/source.ts';
import { openPowerLog } from '../lab/powerLogs.ts';
import { bundledProfile } from './bundled.ts';
import { mutation } from './brokenFiles.ts';

const TIMES = Number(process.env['CROSSOVER_FUZZ'] ?? 1);

const STORED = [bundledProfile('m1-pro.llama-2-7b.sweeps'), bundledProfile('swing-a100.falcon-7b.sweeps')];
const deps = { formats: IMPORT_FORMATS, openPowerLog };

/** What a user may say of an import, sensible or not. */
export const anyOptions: fc.Arbitrary<ImportOptions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record<ImportOptions>(
    {
      system: fc.constant('A100'),
      model: fc.constant('Falcon 7B'),
      inputTokens: fc.constant(8),
      outputTokens: fc.constant(32),
      batch: fc.constantFrom('divide', 'per-query'),
      idle: fc.constantFrom('gross', 'subtract'),
      idleW: fc.constant({ gpu: 20 }),
      warmUp: fc.constantFrom('none', 'first', 'iteration-0'),
      boundary: fc.constantFrom('gpu', 'soc', 'machine'),
      format: fc.constantFrom(...IMPORT_FORMATS.map(({ id }) => id)),
    },
    { requiredKeys: [] },
  ),
);

/** The whole way from bytes to a diagnosis. */
export async function expectDiagnosisOrSentence(
  contents: readonly Uint8Array[],
  options: ImportOptions,
): Promise<void> {
  try {
    const sources = contents.map((bytes, i) => memorySource(`file-${i}`, bytes));
    const { readings, findings, beside, clock } = await readSources(sources, options, deps);
    const diagnosis = diagnose(readings, options, {
      stored: STORED,
      findings,
      beside,
      ...(clock === undefined ? {} : { clock }),
    });
    expect(diagnosisSchema.safeParse(diagnosis).error).toBeUndefined();
    if (diagnosis.profile !== null) {
      expect(parseProfile(JSON.parse(JSON.stringify(diagnosis.profile)), 'it')).toEqual(diagnosis.profile);
    }
    for (const { message, level, todo } of diagnosis.findings) {
      expect(message.length).toBeLessThan(2000);
      if (level === 'error') expect(todo).toBeDefined();
    }
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    expect(thrown.kind).not.toBe('internal');
    expect(thrown.message).toMatch(/\S[.]$/s);
    expect(thrown.message.length).toBeLessThan(1000);
  }
}

/**
 * Breaks some content in many ways.
 * @param runs in how many, where nothing else is said
 */
export function fuzz(content: Uint8Array, runs: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), anyOptions, (mutations, options) =>
      expectDiagnosisOrSentence(
        [mutations.reduce<Buffer>((changed, each) => each(changed), Buffer.from(content))],
        options,
      ),
    ),
    { numRuns: runs * TIMES },
  );
}
