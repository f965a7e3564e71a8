import {
  energyReadout,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  readoutText,
  timeReadout,
} from './format.ts';
import { intervalsOf } from './analysis/uncertainty.ts';
import { railNames } from './profile.ts';
import type { ReportCurves, ReportDocument, ReportPolicy, ReportSystem } from './report.ts';
import { capacityText } from './reportCapacity.ts';
import type { Passage } from './reportMethod.ts';
import { reportReadouts } from './reportReadouts.ts';
import { settingRows } from './reportReproduction.ts';
import { sensitivityTables } from './reportSensitivity.ts';
import { trialsText } from './reportSources.ts';
import { conditionsText, DESIGNS } from './reportSystems.ts';
import { policyName } from './reportTables.ts';
import { percentInterval, uncertaintyText } from './reportUncertainty.ts';

/** A report as Markdown, for wikis and repositories: everything that its HTML says, with tables for figures. */
export function reportMarkdown(report: ReportDocument): string {
  const { verdict, systems, workload } = report;
  return `${[
    `# ${text(report.title)}`,
    `**${text(report.question)}**`,
    `> ${text(verdict.text)}`,
    text(verdict.condition),
    `What would change it: ${text(verdict.change)}`,
    table(
      ['', ''],
      reportReadouts(report).map(({ number, unit, what }) => [`${number} ${unit}`, what]),
    ),
    ...report.curves.flatMap((curves) => curvesTable(report, curves)),
    '## Policies',
    policiesTable(report),
    ...uncertainty(report),
    ...capacity(report),
    '## What it rests on',
    report.assumptions
      .map(
        ({ level, short, message }) =>
          `- ${level === 'warning' ? '⚠ ' : ''}**${text(short)}** ${text(message)}`,
      )
      .join('\n'),
    '### Where the figures come from',
    table(
      ['Figures', 'Origin', 'Why'],
      report.origins.map(({ figures, origin, why }) => [figures, origin, why]),
    ),
    '## Systems',
    table(
      ['', systems.small.label, systems.large.label],
      SYSTEM_ROWS.map(([name, of]) => [name, of(systems.small), of(systems.large)]),
    ),
    '## Workload',
    `**${text(workload.name)}**: ${formatCount(workload.queries)} queries with ${formatCount(
      workload.pairs,
    )} different pairs of input and output tokens. ${text(workload.note)}`,
    table(
      ['Tokens', 'mean', 'sd', '5%', 'median', '95%', 'max'],
      (['input', 'output'] as const).map((side) => [
        side,
        formatFixed(workload[side].mean, 1),
        formatFixed(workload[side].sd, 1),
        formatCount(workload[side].p5),
        formatCount(workload[side].median),
        formatCount(workload[side].p95),
        formatCount(workload[side].max),
      ]),
    ),
    '## Method',
    ...report.method.map(passage),
    '## Threshold by threshold',
    `Queries of at most T ${report.sweep.axis} tokens go to the ${text(systems.small.label)}.`,
    table(
      [`T, ${report.sweep.axis} tokens`, 'Energy', 'Runtime'],
      thinned(report.sweep.points, 48).map(({ threshold, energyJ, runtimeS }) => [
        formatCount(threshold),
        readoutText(energyReadout(energyJ)),
        readoutText(timeReadout(runtimeS)),
      ]),
    ),
    '## What else it depends on',
    ...sensitivityTables(report).flatMap(({ title, note, heads, rows }) => [
      `### ${text(title)}`,
      ...(note === undefined ? [] : [text(note)]),
      ...(rows.length === 0 ? [] : [table(heads, rows)]),
    ]),
    '## Limits',
    ...report.limits.map(passage),
    '## Measured cells',
    ...(['small', 'large'] as const).flatMap((side) => measuredCells(report, side)),
    '## How to reproduce it',
    'The same settings on the same inputs give the same figures to the last digit.',
    `\`\`\`sh\n${report.command}\n\`\`\``,
    table(
      ['', ''],
      settingRows(report).map(({ name, value }) => [name, value]),
    ),
    '## Sources',
    sources(report),
    table(
      ['SHA-256 of', ''],
      [
        [systems.small.profile.id, systems.small.profile.sha256],
        [systems.large.profile.id, systems.large.profile.sha256],
        [workload.id, workload.sha256],
      ],
    ),
  ].join('\n\n')}\n`;
}

/** Every policy with its totals and savings, and the interval of what it saves where there is one. */
function policiesTable(report: ReportDocument): string {
  const { policies, systems, study, uncertainty } = report;
  const showCost = study.settings.lambda !== 1;
  const heads = (what: string): string[] => [
    `${what} saved vs ${systems.small.label}`,
    `${what} saved vs ${systems.large.label}`,
  ];
  const saved = ({ vsSmall, vsLarge }: ReportPolicy['saving']): string[] => [
    formatPercent(vsSmall, 2),
    formatPercent(vsLarge, 2),
  ];
  const interval = (policy: ReportPolicy): string[] => {
    if (uncertainty === undefined) return [];
    const found = intervalsOf(uncertainty, policy);
    return [found === undefined ? '–' : percentInterval(found.saving.vsBestSingle)];
  };
  return table(
    [
      'Policy',
      'Energy',
      'Runtime',
      ...heads('Energy'),
      ...(showCost ? heads('Cost') : []),
      ...(uncertainty === undefined
        ? []
        : [`95% interval of the ${report.objective} saved vs the better single`]),
    ],
    policies.map((policy) => [
      policyName(policy, report),
      readoutText(energyReadout(policy.energyJ)),
      readoutText(timeReadout(policy.runtimeS)),
      ...saved(policy.savingEnergy),
      ...(showCost ? saved(policy.saving) : []),
      ...interval(policy),
    ]),
  );
}

function curvesTable({ systems }: ReportDocument, { axis, small, large }: ReportCurves): string[] {
  const lengths = [...new Set([...small, ...large].map(({ length }) => length))].sort((a, b) => a - b);
  const at = (curve: ReportCurves['small'], length: number): string => {
    const found = curve.find((point) => point.length === length);
    return found === undefined ? 'n/a' : formatNumber(found.jPerToken, 4);
  };
  return [
    `## What a token costs, by ${axis} tokens`,
    table(
      [`${axis} tokens`, `${systems.small.label}, J per token`, `${systems.large.label}, J per token`],
      lengths.map((length) => [formatCount(length), at(small, length), at(large, length)]),
    ),
  ];
}

function uncertainty(report: ReportDocument): string[] {
  const found = uncertaintyText(report);
  if (found === undefined) return [];
  const { wins, intervals, next, plans } = found;
  return [
    '## How sure this is',
    text(wins),
    text(intervals.caption),
    table(intervals.heads, intervals.rows),
    text(next.caption),
    ...(next.rows.length === 0 ? [] : [table(next.heads, next.rows)]),
    ...plans.map(({ label, command }) => `As a plan for the ${text(label)}: \`${command}\``),
  ];
}

function capacity(report: ReportDocument): string[] {
  const found = capacityText(report);
  if (found === undefined) return [];
  const { small, large } = report.systems;
  return [
    '## Capacity',
    text(found.sentence),
    `${text(found.caption)}:`,
    table(['', small.label, large.label], found.rows),
  ];
}

function measuredCells(report: ReportDocument, side: 'small' | 'large'): string[] {
  const system = report.systems[side];
  return [
    `### ${text(system.label)}`,
    table(
      ['m', 'n', 'trials', 'energy, J', 'sd, J', 'runtime, s', 'sd, s'],
      report.cells[side].map((cell) => [
        formatCount(cell.m),
        formatCount(cell.n),
        formatCount(cell.trials),
        formatNumber(cell.energyJ.total, 4),
        cell.sdEnergyJ === undefined ? 'n/a' : formatNumber(cell.sdEnergyJ),
        formatNumber(cell.runtimeS, 4),
        cell.sdRuntimeS === undefined ? 'n/a' : formatNumber(cell.sdRuntimeS),
      ]),
    ),
    `${formatCount(system.trials)} trials in ${formatCount(system.cells)} cells: ${text(trialsText(system, report.cells[side]))}`,
  ];
}

function sources({ systems: { small, large }, workload }: ReportDocument): string {
  const cited = [small, large].map(({ source }) =>
    [
      `${source.authors}: ${source.title}.`,
      ...(source.doi === undefined ? [] : [`doi:${source.doi}.`]),
      ...(source.arxiv === undefined ? [] : [`arXiv:${source.arxiv}.`]),
      ...(source.repository === undefined
        ? []
        : [`Data: ${source.repository}${source.commit === undefined ? '' : ` at ${source.commit}`}.`]),
    ].join(' '),
  );
  const counted = `${workload.name}: ${workload.source}. From ${workload.upstream}. Licence: ${workload.licence}.`;
  return [...new Set([...cited, counted])].map((line) => `- ${text(line)}`).join('\n');
}

const SYSTEM_ROWS: readonly (readonly [string, (system: ReportSystem) => string])[] = [
  ['System', ({ name }) => name],
  ['Hardware', ({ hardware }) => hardware],
  ['Model', ({ model }) => model],
  ['Conditions', conditionsText],
  [
    'Cells',
    ({ design, cells, trials }) =>
      `${DESIGNS[design]}: ${formatCount(cells)} cells, ${formatCount(trials)} trials`,
  ],
  ['Rails', ({ rails }) => railNames(rails)],
  ['Boundary', ({ boundaryNote }) => boundaryNote],
  ['Figures', ({ origin, source }) => [`${origin}.`, source.note ?? ''].join(' ').trim()],
  ['Notes', ({ notes }) => notes.join(' ')],
];

function passage({ title, text: words, formulas = [] }: Passage): string {
  return [
    `### ${text(title)}`,
    text(words),
    ...(formulas.length === 0 ? [] : [`\`\`\`text\n${formulas.join('\n')}\n\`\`\``]),
  ].join('\n\n');
}

/** Evenly chosen items, the ends among them. */
function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}

/** Text that Markdown and HTML leave as it is. */
export function text(raw: string): string {
  return raw
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

/** A table in Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}
