/** Files of the repository's own, broken in many ways, through the whole import. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import * as toolFixtures from '../importers/profiles/formats/fixtures.ts';
import { profileText } from '../store/profileFile.ts';
import { bundledProfile } from '../test/bundled.ts';
import { anyOptions, expectDiagnosisOrSentence, fuzz } from '../test/fuzzImport.ts';
import { MADE_TRIALS, paperTableText } from '../test/importFixtures.ts';
import { mutation } from '../test/brokenFiles.ts';

/** with those of the formats themselves 20,000 cases */
const RUNS = 700;

const sweeps = bundledProfile('m1-pro.llama-2-7b.sweeps');
const short = { ...sweeps, cells: sweeps.cells.slice(0, 3) };
const FIXTURES: Readonly<Record<string, string>> = {
  'paper table': paperTableText(),
  'paper table in uJ, with semicolons and decimal commas': paperTableText(MADE_TRIALS, {
    unit: 'uJ',
    delimiter: ';',
    decimalComma: true,
  }),
  'paper table without a header': paperTableText(MADE_TRIALS, { header: false, unit: 'J' }),
  'paper table in kWh, with tabs and CRLF': paperTableText(MADE_TRIALS, {
    unit: 'kWh',
    delimiter: '\t',
    lineEnd: '\r\n',
  }),
  pyJoules: `timestamp;tag;duration;nvidia_gpu_0\n${'1705168526.8;inference;6.15;835895\n'.repeat(4)}`,
  'plain table': `m,n,gpu_energy_j,runtime_s,system,model\n${[1, 2, 3].map((i) => `8,32,10${i}.5,1.0${i},A100,x\n`).join('')}`,
  'means with spreads':
    'input_tokens,output_tokens,trials,mean_energy_j,sd_energy_j,latency_ms\n8,32,5,100.5,2.5,1020\n16,32,5,120.5,3.5,1040\n',
  'two systems': 'm,n,gpu_energy_j,runtime_s,system,batch_size\n8,32,100,1,A100,4\n8,32,101,1,H100,4\n',
  JSON: JSON.stringify({
    model: 'x',
    results: [
      { m: 8, n: 32, energy: { gpu_j: 100.5 }, runtime_s: 1 },
      { m: 16, n: 32, energy: { gpu_j: 110.5 }, runtime_s: 1.1 },
    ],
  }),
  'JSON lines': [100.5, 101.5]
    .map((gpu) => `${JSON.stringify({ m: 8, n: 32, gpu_energy_j: gpu, runtime_s: 1.5 })}\n`)
    .join(''),
  'profile in YAML': profileText(short, 'yaml'),
  'profile in JSON': profileText(short, 'json'),
  ...Object.fromEntries(
    Object.entries(toolFixtures).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  ),
};

describe('broken files of the repository’s own', () => {
  test.each(Object.entries(FIXTURES))('%s', (_name, content) => fuzz(Buffer.from(content), RUNS));

  test('bytes of no form at all', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), anyOptions, (bytes, options) =>
        expectDiagnosisOrSentence([bytes], options),
      ),
      { numRuns: RUNS },
    ));

  test('several files together', () => {
    const contents = Object.values(FIXTURES);
    return fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...contents), fc.array(mutation, { maxLength: 2 })), {
          minLength: 2,
          maxLength: 3,
        }),
        anyOptions,
        (files, options) =>
          expectDiagnosisOrSentence(
            files.map(([content, mutations]) =>
              mutations.reduce<Buffer>((changed, each) => each(changed), Buffer.from(content)),
            ),
            options,
          ),
      ),
      { numRuns: RUNS },
    );
  });
});
