import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '#core/errors';
import type { Observation } from '#core/import/observation';
import { readJobInfo } from '../jobInfo.ts';
import { aiperfTelemetryReader } from '../power/aiperfTelemetry.ts';
import { memorySource } from '../source.ts';
import * as fixtures from './fixtures.ts';
import { TOOL_FORMATS } from './tools.ts';

/** So many mutations of each fixture; more with CROSSOVER_FUZZ=10 before the command. */
const RUNS = 150 * Number(process.env.CROSSOVER_FUZZ ?? 1);

const NASTY = [
  '=cmd|" /C calc"!A0',
  '@SUM(1+1)*cmd',
  '+1e308',
  '-1e999',
  '9'.repeat(400),
  '1e308,1e308,1e308',
  'NaN',
  'Infinity',
  '-0',
  '""',
  '"',
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\n',
  '\r',
  ';',
  ',,,,,,,,',
  '[[[[[[[[',
  '{"a":',
  '}',
  'null',
  '{}',
  '[]',
  '"__proto__":1,',
  '1,234.5',
  '0x1F',
  '𝟙',
  '{"a":'.repeat(3000),
  '['.repeat(20_000),
];

type Mutation = (bytes: Buffer) => Buffer;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const text =
  (change: (value: string) => string): Mutation =>
  (bytes) =>
    Buffer.from(change(bytes.toString('utf8')));
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]): Mutation => (bytes) => {
    const changed = Buffer.from(bytes);
    const index = Math.floor(at * changed.length);
    if (index < changed.length) changed[index]! ^= mask;
    return changed;
  }),
  fc.tuple(place, fc.constantFrom(...NASTY)).map(([at, what]) =>
    text((value) => {
      const index = Math.floor(at * value.length);
      return value.slice(0, index) + what + value.slice(index);
    }),
  ),
  // A number, a text or a word is exchanged for something else.
  fc.tuple(place, fc.constantFrom(...NASTY)).map(([at, what]) =>
    text((value) => {
      const tokens = [...value.matchAll(/[\d.]+|"[^"]*"|\w+/g)];
      const token = tokens[Math.floor(at * tokens.length)];
      return token === undefined
        ? value
        : value.slice(0, token.index) + what + value.slice(token.index + token[0].length);
    }),
  ),
  fc
    .tuple(place, place)
    .map(([from, to]) =>
      text((value) => value + value.slice(Math.floor(from * value.length), Math.floor(to * value.length))),
    ),
  fc.constantFrom<Mutation>(
    text((value) => value.replaceAll('\n', '\r\n')),
    text((value) => value.replaceAll('\n', '\r')),
    text((value) => value.replaceAll(',', ';').replaceAll('.', ',')),
    text((value) => value.replaceAll(/\d+/g, (digits) => `${digits}e300`)),
    text((value) => value.replaceAll(/\d+/g, '')),
    text((value) => value.replaceAll(/\d+/g, '-1')),
    text((value) => value.replaceAll('"', "'")),
    text((value) => `\uFEFF${value}`),
    (bytes) => Buffer.from(`\uFEFF${bytes.toString('utf8')}`, 'utf16le'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le').swap16(),
    () => Buffer.alloc(0),
  ),
);

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

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
