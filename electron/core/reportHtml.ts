import { formatCount, formatPercent } from './format.ts';
import { formula, markup, Markup, type MarkupValue } from './markup.ts';
import { railNames } from './profile.ts';
import type { ReportDocument, ReportSystem } from './report.ts';
import { capacityTable } from './reportCapacity.ts';
import { energyFigure, thresholdFigure } from './reportFigures.ts';
import { sensitivityTables, type TextTable } from './reportSensitivity.ts';
import { sourced, sourcesAppendix } from './reportSources.ts';
import { PAGE_STYLE, REPORT_STYLE } from './reportStyle.ts';
import { originChip, policyTables, sweepTable, workloadTable } from './reportTables.ts';
import { reportReadouts } from './reportReadouts.ts';
import { uncertaintyTables } from './reportUncertainty.ts';
import type { Passage } from './reportMethod.ts';

/** Two lines that cross, small and large: the sign of the lab. */
const SIGN = new Markup(
  '<svg viewBox="0 0 22 16" aria-hidden="true"><path d="M1 14C8 13 14 9 21 1" fill="none" stroke="var(--large)" ' +
    'stroke-width="2.4" stroke-linecap="round"/><path d="M1 2C8 3 14 8 21 15" fill="none" stroke="var(--small)" ' +
    'stroke-width="2.4" stroke-linecap="round"/><circle cx="12" cy="7.8" r="3" fill="var(--hybrid)"/></svg>',
);

/**
 * A report as one HTML file that needs nothing else: no script, no network, no fonts. It follows light and dark,
 * prints well, and carries the report's data as JSON.
 * @param forPaper whether a printer sets the pages, which then get neither margins nor numbers from the file
 */
export function reportHtml(report: ReportDocument, { forPaper = false } = {}): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Crossover ${report.versions.crossover}">
<title>${report.title} – Crossover report</title>
<style>${new Markup(forPaper ? REPORT_STYLE : REPORT_STYLE + PAGE_STYLE)}</style>
</head>
<body>
<main>
<header><p class="brand">${SIGN}Crossover report</p><h1>${bdi(report.title)}</h1></header>
${answer(report)}
${thresholdFigure(report)}
${report.curves.map((curves) => energyFigure(report, curves))}
${section('Policies', policyTables(report))}
${report.uncertainty === undefined ? undefined : section('How sure this is', uncertaintyTables(report))}
${report.capacity === undefined ? undefined : section('Capacity', capacityTable(report))}
${restsOn(report)}
${systems(report)}
${section('Workload', workloadTable(report))}
${section('Method', report.method.map(passage), 'method')}
${section('Threshold by threshold', sweepTable(report))}
${section('What else it depends on', sensitivityTables(report).map(textTable))}
${section('Limits', report.limits.map(passage), 'limits')}
${reproduction(report)}
${sources(report)}
${sourcesAppendix(report)}
</main>
<script type="application/json" id="crossover-report">${dataOf(report)}</script>
</body>
</html>
`.text;
}

/** The report's data for a script element: "<" is written so that nothing in it can end the element. */
function dataOf(report: ReportDocument): Markup {
  return new Markup(JSON.stringify(report).replaceAll('<', '\\u003c'));
}

/** A name that may run from right to left. */
function bdi(name: string): Markup {
  return markup`<bdi>${name}</bdi>`;
}

/** Text whose equations do not break across lines. */
function unbroken(text: string): string {
  return text.replaceAll(' = ', '\u00a0=\u00a0');
}

function section(title: string, content: MarkupValue, id?: string): Markup {
  return markup`<section class="panel"${id === undefined ? undefined : markup` id="${id}"`}><h2>${title}</h2>${content}</section>`;
}

function passage({ title, text, formulas = [] }: Passage): Markup {
  return markup`<div class="passage"><h3>${title}</h3><p>${text}</p>${
    formulas.length === 0
      ? undefined
      : markup`<div class="formula">${formulas.map((one) => markup`<div>${formula(one)}</div>`)}</div>`
  }</div>`;
}

function textTable({ title, note, heads, rows }: TextTable): Markup {
  const [, ...numbers] = heads;
  const words = numbers.length === 1;
  return markup`<div class="passage"><h3>${title}</h3>${note === undefined ? undefined : markup`<p>${note}</p>`}${
    rows.length === 0
      ? undefined
      : markup`<div class="wide keep"><table${words ? markup` class="facts"` : undefined}><thead><tr>${heads.map(
          (head) => markup`<th scope="col">${head}</th>`,
        )}</tr></thead><tbody>${rows.map(
          ([head, ...cells]) =>
            markup`<tr><th scope="row">${head}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
        )}</tbody></table></div>`
  }</div>`;
}

function answer(report: ReportDocument): Markup {
  const { parts, condition, change } = report.verdict;
  const sentence = parts.map(({ text, about }) =>
    about === undefined ? unbroken(text) : markup`<b class="${about}">${unbroken(text)}</b>`,
  );
  return markup`<section class="panel answer" aria-labelledby="answer"><h2 id="answer" class="question">${unbroken(
    report.question,
  )}</h2><p class="verdict">${sentence}</p><p>${condition}</p><p class="note">What would change it: ${change}</p><dl class="readouts">${reportReadouts(
    report,
  ).map(
    ({ number, unit, what, source }) =>
      markup`<div><dt>${what}</dt><dd>${sourced(source, markup`${number}<span>${unit}</span>`)}</dd></div>`,
  )}</dl></section>`;
}

function restsOn(report: ReportDocument): Markup {
  return section('What it rests on', [
    markup`<ul class="rests">${report.assumptions.map(
      ({ level, short, message }) =>
        markup`<li class="rest-${level}"><span class="sign">${
          level === 'warning' ? markup`<span role="img" aria-label="Warning">▲</span>` : '·'
        }</span><span class="short">${short}</span><span class="message">${message}</span></li>`,
    )}</ul>`,
    markup`<h3>Where the figures come from</h3><div class="wide"><table class="facts"><thead><tr><th scope="col">Figures</th><th scope="col">Origin</th><th scope="col">Why</th></tr></thead><tbody>${report.origins.map(
      ({ figures, origin, why }) =>
        markup`<tr><td>${figures}</td><td>${originChip(origin)}</td><td>${why}</td></tr>`,
    )}</tbody></table></div>`,
  ]);
}

function systems({ systems: { small, large } }: ReportDocument): Markup {
  const row = (title: string, of: (system: ReportSystem) => MarkupValue): Markup =>
    markup`<tr><th scope="row">${title}</th>${[small, large].map((system) => markup`<td>${of(system)}</td>`)}</tr>`;
  const design = { sweeps: 'two sweeps', grid: 'a full grid', cells: 'free cells' };
  const conditions = ({ conditions: c }: ReportSystem): string =>
    [
      c.engine,
      c.precision,
      `KV cache ${c.kvCache ? 'on' : 'off'}`,
      `batch ${c.batch}${c.recordedBatch === undefined ? '' : ` (the source records ${c.recordedBatch})`}`,
      c.gpus === 1 ? '1 GPU' : `${c.gpus} GPUs`,
    ].join(' · ');
  return section(
    'Systems',
    markup`<div class="wide"><table class="facts two"><thead><tr><td></td><th scope="col" class="small">${bdi(
      small.label,
    )}</th><th scope="col" class="large">${bdi(large.label)}</th></tr></thead><tbody>${[
      row('System', ({ name }) => bdi(name)),
      row('Hardware', ({ hardware }) => hardware),
      row('Model', ({ model }) => bdi(model)),
      row('Conditions', conditions),
      row(
        'Cells',
        (system) =>
          markup`${design[system.design]}: ${sourced(`cells-${system.role}`, `${formatCount(system.cells)} cells`)}, ${sourced(`trials-${system.role}`, `${formatCount(system.trials)} trials`)}`,
      ),
      row('Rails', ({ rails }) => railNames(rails)),
      row('Boundary', ({ boundaryNote }) => boundaryNote),
      row('Figures', ({ origin, source }) => [originChip(origin), ' ', source.note]),
      row(
        'Notes',
        ({ notes }) => markup`<ul class="plain note">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`,
      ),
    ]}</tbody></table></div>`,
  );
}

/** A command line that breaks between its words alone, not at the dashes in them. */
function words(command: string): Markup[] {
  return command.split(' ').map((word, i) => markup`${i === 0 ? '' : ' '}<span>${word}</span>`);
}

function reproduction({ command, study, versions }: ReportDocument): Markup {
  const s = study.settings;
  const rows: [string, string][] = [
    ['Study', study.id],
    ['Energy model', s.energyModel],
    ['Policy', s.policy],
    ['λ', String(s.lambda)],
    ['Cost', s.cost],
    ['Boundary', `${s.boundary}: ${study.boundary.name}`],
    ['Thresholds', s.thresholds],
    ['Least useful saving', formatPercent(s.minSaving)],
    ['Crossover', versions.crossover],
  ];
  return section(
    'How to reproduce it',
    markup`<p>The same settings on the same inputs give the same figures to the last digit.</p><pre>${words(command)}</pre><table class="facts" id="settings"><tbody>${rows.map(
      ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
    )}</tbody></table>`,
  );
}

function sources({ systems: { small, large }, workload }: ReportDocument): Markup {
  const cited = [small, large].map(({ source }) =>
    [
      `${source.authors}: ${source.title}.`,
      source.doi && `doi:${source.doi}.`,
      source.arxiv && `arXiv:${source.arxiv}.`,
      source.repository && `Data: ${source.repository}${source.commit ? ` at ${source.commit}` : ''}.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const hashes = [
    [small.profile.name, small.profile.id, small.profile.sha256],
    [large.profile.name, large.profile.id, large.profile.sha256],
    [workload.name, workload.id, workload.sha256],
  ];
  return section('Sources', [
    markup`<ul class="plain">${[...new Set(cited)].map((text) => markup`<li>${text}</li>`)}<li>${
      workload.name
    }: ${workload.source}. From ${workload.upstream}. Licence: ${workload.licence}.</li></ul>`,
    markup`<h3>SHA-256 of the inputs</h3><table class="facts hashes"><tbody>${hashes.map(
      ([name, id, hash]) =>
        markup`<tr><th scope="row">${id}</th><td>${bdi(name!)}<br><span class="hash">${hash}</span></td></tr>`,
    )}</tbody></table>`,
  ]);
}
