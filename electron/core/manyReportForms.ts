import type { ManyPolicy } from './analysis/manySystems.ts';
import type { ManyIntervals } from './analysis/manyBootstrap.ts';
import type { Interval95 } from './analysis/uncertainty.ts';
import { formatCount, formatFixed, formatNumber, formatPercent } from './format.ts';
import { markup, Markup } from './markup.ts';
import type { ManyReport } from './manyReport.ts';
import { mapChart, savingsChart } from './manyCharts.ts';
import { manyPolicyName } from './manyWords.ts';
import { railNames } from './profile.ts';
import { table as markdownTable, text as markdownText } from './reportMarkdown.ts';
import { PAGE_STYLE, REPORT_STYLE, SYSTEMS_STYLE } from './reportStyle.ts';
import { conditionsText, DESIGNS } from './reportSystems.ts';

/** A part of the report, the same in every form for people. */
interface Section {
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly code?: string;
  readonly list?: readonly string[];
  readonly table?: { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/**
 * The report of a comparison as one HTML file that needs nothing else; it carries its data as JSON.
 * @param forPaper whether a printer sets the pages, which then get neither margins nor numbers from the file
 */
export function manyReportHtml(report: ManyReport, { forPaper = false } = {}): string {
  const data = new Markup(JSON.stringify(report).replaceAll('<', '\\u003c'));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Crossover ${report.versions.crossover}">
<title>${report.title} – Crossover report</title>
<style>${new Markup(forPaper ? REPORT_STYLE + SYSTEMS_STYLE : REPORT_STYLE + SYSTEMS_STYLE + PAGE_STYLE)}</style>
</head>
<body>
<main>
<header><p class="brand">Crossover report</p><h1>${report.title}</h1></header>
<section class="panel answer"><p class="question">${report.question}</p><p class="verdict">${report.verdict.text}</p></section>
<figure class="panel"><h2>What each policy saves</h2>${savingsChart(report)}<figcaption>Against the best single system; bars are 95% intervals, where they were computed. A triangle stands for what spends more than the axis shows. Modelled from measured cells.</figcaption></figure>
<figure class="panel"><h2>Which system for which query</h2>${mapChart(report)}<figcaption>The cheapest system for each number of input and output tokens, by colour and letter, over the lengths of the workload; paler where a system was not measured that far. Modelled from measured cells.</figcaption></figure>
${sections(report).map(
  ({ title, paragraphs = [], code, list, table }) =>
    markup`<section class="panel"><h2>${title}</h2>${paragraphs.map((each) => markup`<p>${each}</p>`)}${
      code === undefined ? undefined : markup`<pre>${code}</pre>`
    }${list === undefined ? undefined : markup`<ul>${list.map((each) => markup`<li>${each}</li>`)}</ul>`}${
      table === undefined
        ? undefined
        : markup`<div class="wide"><table><thead><tr>${table.heads.map(
            (head) => markup`<th scope="col">${head}</th>`,
          )}</tr></thead><tbody>${table.rows.map(
            ([name = '', ...cells]) =>
              markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
          )}</tbody></table></div>`
    }</section>
`,
)}</main>
<script type="application/json" id="crossover-report">${data}</script>
</body>
</html>
`.text;
}

/** The same as Markdown, for wikis and repositories. */
export function manyReportMarkdown(report: ManyReport): string {
  return `${[
    `# ${markdownText(report.title)}`,
    `**${markdownText(report.question)}**`,
    `> ${markdownText(report.verdict.text)}`,
    ...sections(report).flatMap(({ title, paragraphs = [], code, list, table }) => [
      `## ${markdownText(title)}`,
      ...paragraphs.map(markdownText),
      ...(code === undefined ? [] : [`\`\`\`sh\n${code}\n\`\`\``]),
      ...(list === undefined ? [] : [list.map((each) => `- ${markdownText(each)}`).join('\n')]),
      ...(table === undefined ? [] : [markdownTable(table.heads, table.rows)]),
    ]),
  ].join('\n\n')}\n`;
}

function sections(report: ManyReport): Section[] {
  return [
    policies(report),
    ...uncertainty(report),
    ...capacity(report),
    {
      title: 'What it rests on',
      list: report.assumptions.map(
        ({ level, short, message }) => `${level === 'warning' ? '▲ ' : ''}${short}: ${message}`,
      ),
    },
    systems(report),
    workload(report),
    flips(report),
    ...reproduction(report),
  ];
}

const kwh = (energyJ: number): string => formatFixed(energyJ / 3.6e6, 4);
const hours = (runtimeS: number): string => formatFixed(runtimeS / 3600, 3);
const range = ([low, high]: Interval95, say: (end: number) => string): string =>
  `${say(low)} to ${say(high)}`;
const percent = (value: number): string => formatPercent(value, 2);

function limits({ thresholds, outputThresholds, products }: ManyPolicy): string {
  return (products ?? thresholds ?? [])
    .map((each, s) => (outputThresholds === undefined ? `${each}` : `${each} and ${outputThresholds[s]}`))
    .join(', then ');
}

function policies(report: ManyReport): Section {
  return {
    title: 'Policies',
    paragraphs: [
      `Totals over the workload under the ${report.energyModel} model (modelled from measured cells). Saved: of the ` +
        `${report.objective} against the best single system. Queries of at most the first threshold go to the first ` +
        'system, of the others those of at most the second to the second, and so on; the rest to the last.',
    ],
    table: {
      heads: [
        'Policy',
        'Up to',
        'Energy, kWh',
        'Runtime, h',
        'Saved',
        'Regret',
        ...report.systems.map(({ label }) => `Queries on ${label}`),
      ],
      rows: report.policies.map((policy) => [
        manyPolicyName(policy, report),
        limits(policy),
        kwh(policy.energyJ),
        hours(policy.runtimeS),
        percent(policy.saving),
        policy.regret === null ? 'n/a' : percent(policy.regret),
        ...report.systems.map((_, s) =>
          policy.queries === undefined ? 'n/a' : formatPercent(policy.queries[s]!),
        ),
      ]),
    },
  };
}

function uncertainty(report: ManyReport): Section[] {
  const found = report.uncertainty;
  if (found === undefined) return [];
  const cells = found.measureNext.map(
    ({ system, m, n, share }) => `${report.systems[system]!.label} (${m}, ${n}) ${formatPercent(share)}`,
  );
  return [
    {
      title: 'How sure this is',
      paragraphs: [
        `The best thresholds beat the best single system in ${formatPercent(found.probabilityHybridWins)} of ` +
          `${formatCount(found.replicates)} replicates of the trials and the queries (seed ${found.seed}). 95% intervals:`,
        ...(cells.length === 0
          ? []
          : [
              `What to measure next, by the share of the variance of that saving: ${cells.join('; ')}. The queries bring ` +
                `${formatPercent(found.workloadShare)}.`,
            ]),
      ],
      table: {
        heads: ['Policy', 'Energy, kWh', 'Runtime, h', 'Saved', 'Regret', 'Best thresholds'],
        rows: report.policies.flatMap((policy) => {
          const { intervals } = policy;
          if (intervals === undefined) return [];
          return [
            [
              manyPolicyName(policy, report),
              range(intervals.energyJ, kwh),
              range(intervals.runtimeS, hours),
              range(intervals.saving, percent),
              range(intervals.regret, percent),
              bestText(intervals.best),
            ],
          ];
        }),
      },
    },
  ];
}

function bestText(best: ManyIntervals['best']): string {
  if (best === undefined) return '';
  const { thresholds, outputThresholds, products } = best;
  return (products ?? thresholds)
    .map((each, s) => {
      const own = range(each, String);
      return outputThresholds === undefined ? own : `${own} and ${range(outputThresholds[s]!, String)}`;
    })
    .join(', then ');
}

function capacity({ capacity: found, systems: all, uncertainty: sure }: ManyReport): Section[] {
  if (found === undefined) return [];
  return [
    {
      title: 'Capacity',
      paragraphs: [`At ${formatNumber(found.arrivalRate)} queries per second.`],
      table: {
        heads: [
          'System',
          'Devices',
          'Queries',
          '95% interval',
          'Busy',
          'Busy if all came here',
          'One more saves',
        ],
        rows: found.systems.map((load, s) => {
          const share = sure?.capacity?.queries?.[s];
          return [
            all[s]!.label,
            String(load.devices),
            formatPercent(load.queries),
            share === undefined ? 'n/a' : range(share, (each) => formatPercent(each)),
            load.utilisation === null ? 'n/a' : formatPercent(load.utilisation),
            formatFixed(load.alone, 2),
            formatNumber(load.oneMoreSaves, 4),
          ];
        }),
      },
    },
  ];
}

function systems({ systems: all, rails, boundary }: ManyReport): Section {
  type System = ManyReport['systems'][number];
  const row = (name: string, of: (system: System) => string): string[] => [name, ...all.map(of)];
  return {
    title: 'Systems',
    paragraphs: [`Energy counts ${railNames(rails)} (${boundary.name}) on every system.`],
    table: {
      heads: ['', ...all.map(({ label }) => label)],
      rows: [
        row('System', ({ name }) => name),
        row('Hardware', ({ hardware }) => hardware),
        row('Model', ({ model }) => model),
        row('Conditions', conditionsText),
        row(
          'Cells',
          ({ design, cells, trials }) =>
            `${DESIGNS[design]}: ${formatCount(cells)} cells, ${formatCount(trials)} trials`,
        ),
        row('Rails', (system) => railNames(system.rails)),
        row('Boundary', ({ boundaryNote }) => boundaryNote),
        row('Figures', ({ origin }) => origin),
        row('Notes', ({ notes }) => notes.join(' ')),
        row('Source', ({ source }) => `${source.authors}: ${source.title}`),
        row('Profile', ({ profile }) => profile.id),
        row('SHA-256', ({ profile }) => profile.sha256),
      ],
    },
  };
}

function workload({ workload: found }: ManyReport): Section {
  return {
    title: 'Workload',
    paragraphs: [
      `${found.name}: ${formatCount(found.queries)} queries with ${formatCount(found.pairs)} different pairs of input and ` +
        `output tokens (${found.origin}). Mean input ${formatFixed(found.input.mean, 1)}, output ` +
        `${formatFixed(found.output.mean, 1)} tokens. Source: ${found.source}. Licence: ${found.licence}. SHA-256: ${found.sha256}.`,
    ],
  };
}

/** So many λ are told; all are in the data. */
const MOST_FLIPS = 12;

function flips({ flips: all, extrapolated }: ManyReport): Section {
  const shown = all.slice(-MOST_FLIPS);
  return {
    title: 'What else it depends on',
    paragraphs: [
      `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the energy of ` +
        'the best thresholds, lie beyond what was measured.',
      all.length === 0
        ? 'The same policy is best at every λ.'
        : `The best policy changes at ${formatCount(all.length)} values of λ` +
          `${shown.length < all.length ? `, the last ${shown.length} of them:` : ':'}`,
    ],
    ...(shown.length === 0
      ? {}
      : { list: shown.map(({ lambda, to }) => `λ = ${formatNumber(lambda, 4)}: to ${to.policy}`) }),
  };
}

function reproduction({ command, comparison, versions }: ManyReport): Section[] {
  const { settings } = comparison;
  return [
    {
      title: 'How to reproduce it',
      paragraphs: ['The same settings on the same inputs give the same figures to the last digit.'],
      code: command,
      table: {
        heads: ['Setting', 'Value'],
        rows: [
          ['Comparison', comparison.id],
          ...Object.entries(settings).map(([name, value]) => [
            name,
            typeof value === 'object' ? JSON.stringify(value) : String(value),
          ]),
          ['Crossover', versions.crossover],
          ['Analysis', String(versions.analysis)],
        ],
      },
    },
  ];
}
