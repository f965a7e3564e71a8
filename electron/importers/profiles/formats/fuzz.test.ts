import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '#core/errors';
import type { Observation } from '#core/import/observation';
import { readJobInfo } from '../jobInfo.ts';
import { aiperfTelemetryReader } from '../power/aiperfTelemetry.ts';
import { memorySource } from '../source.ts';
import * as fixtures from './fixtures.ts';
import { mutation, numbersIn } from '../../../test/brokenFiles.ts';
import { TOOL_FORMATS } from './tools.ts';

/** So many mutations of each fixture; more with CROSSOVER_FUZZ=10 before the command. */
const RUNS = 150 * Number(process.env.CROSSOVER_FUZZ ?? 1);

function expectFinite(observations: readonly Observation[]): void {
  for (const observation of observations) {
    expect(numbersIn(observation).every((value) => Number.isFinite(value))).toBe(true);
    expect(observation.trials).toBeGreaterThanOrEqual(1);
  }
}

/** What a reader throws must be for people to read. */
function expectLabError(thrown: unknown): void {
  if (!(thrown instanceof LabError)) throw thrown;
  expect(thrown.message.length).toBeLessThan(1000);
}

const options = [{}, { inputTokens: 8, outputTokens: 8, ratedW: 400 }];
const files = Object.entries(fixtures).filter(
  (entry): entry is [string, string] => typeof entry[1] === 'string',
);

describe('broken files', () => {
  test.each(files)('%s: a reading or a reason, from every format', async (_, content) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...options),
        async (mutations, given) => {
          const bytes = mutations.reduce<Buffer>((changed, each) => each(changed), Buffer.from(content));
          const source = memorySource('file', bytes);
          for (const format of TOOL_FORMATS) {
            expect(format.looks(source.head)).toBeGreaterThanOrEqual(0);
            try {
              expectFinite((await format.read(source, given)).observations);
            } catch (thrown) {
              expectLabError(thrown);
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('job descriptions: facts or a reason', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = mutations.reduce<Buffer>(
          (changed, each) => each(changed),
          Buffer.from(fixtures.JOB_INFO),
        );
        try {
          const { facts } = readJobInfo(bytes.toString('utf8'), 'job.yaml');
          expect(Object.values(facts).every((fact) => typeof fact === 'string')).toBe(true);
        } catch (thrown) {
          expectLabError(thrown);
        }
      }),
      { numRuns: RUNS },
    );
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\njob:\n  details: [${'*c,'.repeat(9)}]\n`;
    expect(() => readJobInfo(bomb, 'job.yaml')).toThrow(LabError);
  });

  test('GPU telemetry: samples in order and finite, or a reason', () => {
    const line = (ms: number): string =>
      JSON.stringify({
        timestamp_ns: 1_712_061_400_000_000_000 + ms * 1_000_000,
        gpu_uuid: `GPU-${ms % 2}`,
        telemetry_data: { gpu_power_usage: 100 + ms, energy_consumption: 3 + ms * 1e-6 },
      });
    const content = Array.from({ length: 8 }, (_, i) => line(i * 51)).join('\n');
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = mutations.reduce<Buffer>((changed, each) => each(changed), Buffer.from(content));
        const reader = aiperfTelemetryReader();
        const samples = [...reader.push(bytes.toString('utf8')), ...reader.end()];
        expect(numbersIn(samples).every((value) => Number.isFinite(value))).toBe(true);
        expect(samples.every(({ startS, endS }) => endS > startS)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
