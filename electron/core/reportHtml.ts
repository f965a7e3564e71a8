import { formatCount } from './format.ts';
import { formula, markup, Markup, type MarkupValue } from './markup.ts';
import { railNames } from './profile.ts';
import type { ReportDocument, ReportSystem } from './report.ts';
import { capacityTable } from './reportCapacity.ts';
import { energyFigure, thresholdFigure } from './reportFigures.ts';
import { linkText, sourced, type SourceId, type SourceRule } from './reportLinks.ts';
import { reproduction, sourcesSection } from './reportReproduction.ts';
import { sensitivityTables, type TextTable } from './reportSensitivity.ts';
import { sourcesAppendix } from './reportSources.ts';
import { PAGE_STYLE, REPORT_STYLE } from './reportStyle.ts';
import { kept, originChip, policyTables, sweepTable, workloadTable } from './reportTables.ts';
import { reportReadouts } from './reportReadouts.ts';
import { uncertaintyTables } from './reportUncertainty.ts';
import type { Passage } from './reportMethod.ts';
import type { Assumption } from './assumptions.ts';
import { conditionsText, DESIGNS } from './reportSystems.ts';

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
<header><p class="brand">${SIGN}Crossover report</p><h1>${titleMarkup(report.title)}</h1></header>
${answer(report)}
${thresholdFigure(report)}
${report.curves.map((curves) => energyFigure(report, curves))}
${section('Policies', policyTables(report))}
${report.uncertainty === undefined ? undefined : section('How sure this is', uncertaintyTables(report))}
${report.capacity === undefined ? undefined : section('Capacity', capacityTable(report))}
${restsOn(report)}
${systems(report)}
${section('Workload', workloadTable(report))}
${passages(
  'Method',
  report.method.map((each) => passage(report, each, 'settings', METHOD_RULES)),
  'method',
)}
${section('Threshold by threshold', sweepTable(report))}
${passages(
  'What else it depends on',
  sensitivityTables(report).map((table) => textTable(report, table)),
)}
${passages(
  'Limits',
  report.limits.map((each) => passage(report, each, 'from-extrapolated', LIMIT_RULES)),
  'limits',
)}
${reproduction(report)}
${sourcesSection(report)}
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

/** A title whose names do not break at the dashes in them; very long ones may break anywhere. */
function titleMarkup(title: string): Markup {
  return markup`<bdi>${title
    .split(' ')
    .map((word, i) => [i === 0 ? '' : ' ', word.length > 24 ? word : markup`<span>${word}</span>`])}</bdi>`;
}

/** A name that may run from right to left. */
function bdi(name: string): Markup {
  return markup`<bdi>${name}</bdi>`;
}

/** Text whose equations do not break across lines. */
function unbroken(text: string): string {
  return text.replaceAll(' = ', '\u00a0=\u00a0');
}

/** A section of passages, its heading on the page of the first. */
function passages(title: string, [first, ...others]: readonly Markup[], id?: string): Markup {
  return markup`<section class="panel"${id === undefined ? undefined : markup` id="${id}"`}><div class="head"><h2>${title}</h2>${first}</div>${others}</section>`;
}

function section(title: string, content: MarkupValue, id?: string): Markup {
  return markup`<section class="panel"${id === undefined ? undefined : markup` id="${id}"`}><h2>${title}</h2>${content}</section>`;
}

/** What the numbers of the method are: settings, but for what the fit found and where the candidates begin. */
const METHOD_RULES: readonly SourceRule[] = [
  [/coefficients [^;]*;|error of [\d.]+%/g, 'from-model'],
  [/powers of two from \d+/g, 'setting-thresholds'],
];

/** What the numbers of the limits are, beside shares of the queries beyond the measurements. */
const LIMIT_RULES: readonly SourceRule[] = [
  [/^For [\d.]+% of the queries .* gives 0 or less/g, 'from-model'],
  [/[\d.]+% and [\d.]+% points/g, 'from-intervals'],
];

function passage(
  report: ReportDocument,
  { title, text, formulas = [] }: Passage,
  source: SourceId,
  rules: readonly SourceRule[],
): Markup {
  return markup`<div class="passage"><h3>${title}</h3><p>${linkText(report)(text, source, rules)}</p>${
    formulas.length === 0
      ? undefined
      : markup`<div class="formula">${formulas.map((one) => markup`<div>${withLambda(formula(one))}</div>`)}</div>`
  }</div>`;
}

/** A formula whose λ leads to its setting; the other numbers are part of it. */
function withLambda({ text }: Markup): Markup {
  return new Markup(
    text.replace(
      /(<i>λ<\/i> = )([\d.]+)/g,
      (_, before: string, number: string) => before + sourced('setting-lambda', number).text,
    ),
  );
}

function textTable(report: ReportDocument, { title, note, heads, rows, source, rules }: TextTable): Markup {
  const link = (text: string): Markup[] => linkText(report)(text, source, rules);
  const words = heads.length === 2;
  return markup`<div class="${kept(rows.length) === 'wide' ? 'passage long' : 'passage'}"><h3>${title}</h3>${note === undefined ? undefined : markup`<p${rows.length === 0 ? undefined : markup` class="leads"`}>${link(note)}</p>`}${
    rows.length === 0
      ? undefined
      : markup`<div class="${kept(rows.length)}"><table${words ? markup` class="facts"` : undefined}><thead><tr>${heads.map(
          (head) => markup`<th scope="col">${head}</th>`,
        )}</tr></thead><tbody>${rows.map(
          ([head = '', ...cells]) =>
            markup`<tr><th scope="row">${link(head)}</th>${cells.map((cell) => markup`<td>${link(cell)}</td>`)}</tr>`,
        )}</tbody></table></div>`
  }</div>`;
}

function answer(report: ReportDocument): Markup {
  const { parts, condition, change } = report.verdict;
  const link = linkText(report);
  const savings = (text: string): Markup[] => link(unbroken(text), 'from-savings');
  const sentence = parts.map(({ text, about }) =>
    about === undefined ? savings(text) : markup`<b class="${about}">${savings(text)}</b>`,
  );
  return markup`<section class="panel answer" aria-labelledby="answer"><h2 id="answer" class="question">${savings(
    report.question,
  )}</h2><p class="verdict">${sentence}</p><p>${link(condition, 'from-savings')}</p><p class="note">What would change it: ${link(
    change,
    'from-savings',
  )}</p><dl class="readouts">${reportReadouts(report).map(
    ({ number, unit, what, source }) =>
      markup`<div><dt>${link(what, source)}</dt><dd>${sourced(source, markup`${number}<span>${unit}</span>`)}</dd></div>`,
  )}</dl></section>`;
}

/** Where the numbers of what a study rests on come from, by what it is about. */
const ASSUMPTION_SOURCES: Readonly<Partial<Record<Assumption['kind'], SourceId>>> = {
  'energy-model': 'from-model',
  negative: 'from-model',
  extrapolated: 'from-extrapolated',
  interval: 'from-intervals',
  'unknown-output': 'from-unknown-output',
  capacity: 'from-capacity',
  modelled: 'from-workload',
  stated: 'settings',
};

/** The source of the numbers in an assumption; of a profile's own, the profile that it names. */
function assumptionSource({ systems: { large } }: ReportDocument, { kind, message }: Assumption): SourceId {
  return (
    ASSUMPTION_SOURCES[kind] ??
    (message.includes(large.profile.name) || message.startsWith(large.label)
      ? 'profile-large'
      : 'profile-small')
  );
}

function restsOn(report: ReportDocument): Markup {
  const link = linkText(report);
  const item = (assumption: Assumption): Markup => {
    const { level, short, message } = assumption;
    const source = assumptionSource(report, assumption);
    return markup`<li class="rest-${level}"><span class="sign">${
      level === 'warning' ? markup`<span role="img" aria-label="Warning">▲</span>` : '·'
    }</span><span class="short">${link(short, source)}</span><span class="message">${link(message, source)}</span></li>`;
  };
  return section('What it rests on', [
    markup`<ul class="rests">${report.assumptions.map(item)}</ul>`,
    markup`<h3>Where the figures come from</h3><div class="wide"><table class="facts"><thead><tr><th scope="col">Figures</th><th scope="col">Origin</th><th scope="col">Why</th></tr></thead><tbody>${report.origins.map(
      ({ figures, origin, why }) =>
        markup`<tr><td>${link(figures, 'settings')}</td><td>${originChip(origin)}</td><td>${link(why, 'from-workload')}</td></tr>`,
    )}</tbody></table></div>`,
  ]);
}

function systems(report: ReportDocument): Markup {
  const { small, large } = report.systems;
  const row = (title: string, of: (system: ReportSystem) => MarkupValue): Markup =>
    markup`<tr><th scope="row">${title}</th>${[small, large].map((system) => markup`<td>${of(system)}</td>`)}</tr>`;
  // What a profile says of its system, with numbers that lead to it.
  const link = linkText(report);
  const said = ({ role }: ReportSystem, text: string): Markup[] => link(text, `profile-${role}`);
  return section(
    'Systems',
    markup`<div class="wide"><table class="facts two"><thead><tr><td></td><th scope="col" class="small">${bdi(
      small.label,
    )}</th><th scope="col" class="large">${bdi(large.label)}</th></tr></thead><tbody>${[
      row('System', ({ name }) => bdi(name)),
      row('Hardware', (system) => said(system, system.hardware)),
      row('Model', ({ model }) => bdi(model)),
      row('Conditions', (system) => said(system, conditionsText(system))),
      row(
        'Cells',
        (system) =>
          markup`${DESIGNS[system.design]}: ${sourced(`cells-${system.role}`, `${formatCount(system.cells)} cells`)}, ${sourced(`trials-${system.role}`, `${formatCount(system.trials)} trials`)}`,
      ),
      row('Rails', ({ rails }) => railNames(rails)),
      row('Boundary', (system) => said(system, system.boundaryNote)),
      row('Figures', (system) => [originChip(system.origin), ' ', said(system, system.source.note ?? '')]),
      row(
        'Notes',
        (system) =>
          markup`<ul class="plain note">${system.notes.map((note) => markup`<li>${said(system, note)}</li>`)}</ul>`,
      ),
    ]}</tbody></table></div>`,
  );
}
