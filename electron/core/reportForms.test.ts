/** The forms of a report for programs and wikis: every number of the document is in them, and nothing breaks out. */
import { expect, test } from 'vitest';
import { FULL_SETTINGS, madeReport } from '../test/madeReport.ts';
import { textsOf } from '../test/numbersInPage.ts';
import type { ReportDocument } from './report.ts';
import { reportCsv } from './reportCsv.ts';
import { reportHtml } from './reportHtml.ts';
import { reportMarkdown } from './reportMarkdown.ts';

const STUDIES = [{ bootstrap: 40 }, FULL_SETTINGS];

/** The paper's study with another name of the small system. */
const named = (label: string): Promise<ReportDocument> =>
  madeReport({}, (inputs) => ({
    ...inputs,
    small: { ...inputs.small, system: { ...inputs.small.system, label } },
  }));

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

test.each(STUDIES)(
  'CSV has one observation a row, to the last digit, units in its header: %o',
  async (settings) => {
    const report = await madeReport(settings);
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
    const { intervals, measureNext } = report.uncertainty!;
    expect(
      of('policy').flatMap((row) => (row['energy_low95_j'] === '' ? [] : [Number(row['energy_low95_j'])])),
    ).toEqual(intervals.map(({ energyJ: [low] }) => low));
    expect(of('measure next').map((row) => Number(row['share_of_variance_fraction']))).toEqual(
      [0, 1].flatMap((system) =>
        measureNext.filter((cell) => cell.system === system).map(({ share }) => share),
      ),
    );
    const { capacity } = report;
    expect(
      of('capacity').map((row) => [Number(row['devices']), Number(row['share_of_queries_fraction'])]),
    ).toEqual(
      capacity === undefined
        ? []
        : [capacity.small, capacity.large].map((load) => [load.devices, load.queries]),
    );
    // Absent is empty, not zero.
    expect(of('verdict')[0]!['energy_j']).toBe('');
  },
);

test('a name that a spreadsheet would run, or that holds commas and quotes, stays a name', async () => {
  const rows = readCsv(reportCsv(await named('=HYPERLINK("x"),1')));
  expect(rows.find((row) => row['observation'] === 'measured cell')!['system']).toBe('\'=HYPERLINK("x"),1');
});

/** What a report must say, by the headings that every form of it for people has, in the order of the HTML. */
const CONTENTS = [
  'Policies',
  'How sure this is',
  'What it rests on',
  'Where the figures come from',
  'Systems',
  'Workload',
  'Method',
  'Threshold by threshold',
  'What else it depends on',
  'Limits',
  "Apple's caution",
  'How to reproduce it',
  'Sources',
];

test.each(STUDIES)('Markdown says what HTML and PDF say, under the same headings: %o', async (settings) => {
  const report = await madeReport(settings);
  const text = reportMarkdown(report);
  const contents = [...CONTENTS, ...(report.capacity === undefined ? [] : ['Capacity'])];
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  expect(headings.filter((heading) => CONTENTS.includes(heading!))).toEqual(CONTENTS);
  const html = reportHtml(report, { forPaper: true });
  const inHtml = textsOf(html).flatMap(({ text: said, within }) =>
    /^h[23]$/.test(within.at(-1)?.name ?? '') ? [said] : [],
  );
  for (const heading of contents) {
    expect(headings).toContain(heading);
    expect(inHtml).toContain(heading);
  }
  // The same numbers under them: those of a policy with its interval, of a cell, and of what the devices carry.
  const shown = textsOf(html)
    .map(({ text: said }) => said)
    .join('');
  for (const said of [
    report.verdict.condition,
    ...(report.capacity === undefined ? [] : [report.capacity.text, '47.26']),
    report.study.id,
    report.command,
    report.versions.crossover,
    `doi:${report.systems.small.source.doi}`,
    report.systems.large.source.commit!,
    report.workload.sha256,
  ]) {
    expect(shown).toContain(said);
    expect(text.replaceAll('\\', '')).toContain(said);
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

test('a name cannot break out of Markdown', async () => {
  const text = reportMarkdown(await named('</td> | **x** [a](http://b) <img src=x>\n# h'));
  expect(text).not.toContain('<img');
  expect(text).not.toContain('\n# h');
  expect(text).not.toContain('[a](http');
});
