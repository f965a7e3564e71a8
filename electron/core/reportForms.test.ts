/** The forms of a report for programs and wikis: every number of the document is in them, and nothing breaks out. */
import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { buildReport, type ReportDocument } from './report.ts';
import { reportCsv } from './reportCsv.ts';
import { reportMarkdown } from './reportMarkdown.ts';
import { settingsSchema, studyTitle, type StudyInputs } from './study.ts';
import { analyseWithUncertainty } from './studyUncertainty.ts';

function reportOf(changes: object = {}, label?: string): ReportDocument {
  const small = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const inputs: StudyInputs = {
    small: label === undefined ? small : { ...small, system: { ...small.system, label } },
    large: bundledProfile('swing-a100.llama-2-7b.sweeps'),
    workload: bundledWorkload('alpaca-davinci'),
  };
  const settings = settingsSchema.parse({
    small: inputs.small.id,
    large: inputs.large.id,
    workload: inputs.workload.id,
    ...changes,
  });
  const hashes = { small: '1'.repeat(64), large: '2'.repeat(64), workload: '3'.repeat(64) };
  return buildReport({
    study: { id: 'study-0123456789ab', settings, hashes, result: analyseWithUncertainty(settings, inputs) },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '0.1.0' },
    command: 'crossover analyze',
  });
}

const JOINT = { energyModel: 'grid', policy: 'all', thresholds: 'every-integer', bootstrap: 40 };

/** CSV read back, field by field. */
function readCsv(text: string): Record<string, string>[] {
  const rows = text
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, q, p]) => q?.replaceAll('""', '"') ?? p ?? '',
      ),
    );
  const [heads, ...others] = rows;
  return others.map((row) => Object.fromEntries(heads!.map((head, i) => [head, row[i] ?? ''])));
}

test.each([{}, JOINT])(
  'CSV has one observation a row, to the last digit, units in its header: %o',
  (changes) => {
    const report = reportOf(changes);
    const rows = readCsv(reportCsv(report));
    const of = (observation: string): Record<string, string>[] =>
      rows.filter((row) => row['observation'] === observation);
    expect(of('policy').map((row) => Number(row['energy_j']))).toEqual(
      report.policies.map(({ energyJ }) => energyJ),
    );
    expect(of('threshold').map((row) => Number(row['runtime_s']))).toEqual(
      report.sweep.points.map(({ runtimeS }) => runtimeS),
    );
    expect(of('measured cell').map((row) => Number(row['energy_j']))).toEqual(
      [...report.cells.small, ...report.cells.large].map(({ energyJ }) => energyJ.total),
    );
    expect(of('verdict')[0]!['saving_of_cost_vs_best_single_fraction']).toBe(String(report.verdict.saving));
    expect(new Set(rows.map((row) => row['study']))).toEqual(new Set([report.study.id]));
    // Absent is empty, not zero.
    expect(of('verdict')[0]!['energy_j']).toBe('');
  },
);

test('a name that a spreadsheet would run, or that holds commas and quotes, stays a name', () => {
  const rows = readCsv(reportCsv(reportOf({}, '=HYPERLINK("x"),1')));
  expect(rows.find((row) => row['observation'] === 'measured cell')!['system']).toBe('\'=HYPERLINK("x"),1');
});

test.each([{}, JOINT])('Markdown says everything that the contents of a report are: %o', (changes) => {
  const report = reportOf(changes);
  const text = reportMarkdown(report);
  for (const title of [
    '## Policies',
    '## What else it depends on',
    '## What it rests on',
    '### Where the figures come from',
    '## Systems',
    '## Workload',
    '## Method',
    '## Limits',
    '## Measured cells',
    '## How to reproduce it',
  ]) {
    expect(text).toContain(`\n${title}\n`);
  }
  expect(text).toContain("### Apple's caution");
  expect(text).toContain(report.systems.small.profile.sha256);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  // Every row of a table has as many cells as its head.
  for (const block of text
    .trimEnd()
    .split('\n\n')
    .filter((each) => each.startsWith('|'))) {
    const widths = block.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
    expect(new Set(widths).size, block).toBe(1);
  }
});

test('a name cannot break out of Markdown', () => {
  const text = reportMarkdown(reportOf({}, '</td> | **x** [a](http://b) <img src=x>\n# h'));
  expect(text).not.toContain('<img');
  expect(text).not.toContain('\n# h');
  expect(text).not.toContain('[a](http');
});
