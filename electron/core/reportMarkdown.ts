import {
  energyReadout,
  formatCount,
  formatNumber,
  formatPercent,
  readoutText,
  timeReadout,
} from './format.ts';
import { railNames } from './profile.ts';
import type { ReportDocument, ReportSystem } from './report.ts';
import type { Passage } from './reportMethod.ts';
import { reportReadouts } from './reportReadouts.ts';
import { sensitivityTables } from './reportSensitivity.ts';
import { policyName } from './reportTables.ts';

/** A report as Markdown, for wikis and repositories: everything that its HTML says, with tables for figures. */
export function reportMarkdown(report: ReportDocument): string {
  const { verdict, systems, workload, study } = report;
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
    '## Policies',
    table(
      ['Policy', 'Energy', 'Runtime', `Energy saved vs ${systems.small.label}`, `vs ${systems.large.label}`],
      report.policies.map((policy) => [
        policyName(policy, report),
        readoutText(energyReadout(policy.energyJ)),
        readoutText(timeReadout(policy.runtimeS)),
        formatPercent(policy.savingEnergy.vsSmall, 2),
        formatPercent(policy.savingEnergy.vsLarge, 2),
      ]),
    ),
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
      ['Tokens', 'mean', 'median', '95%', 'max'],
      (['input', 'output'] as const).map((side) => [
        side,
        formatNumber(workload[side].mean),
        formatCount(workload[side].median),
        formatCount(workload[side].p95),
        formatCount(workload[side].max),
      ]),
    ),
    '## Method',
    ...report.method.map(passage),
    '## Limits',
    ...report.limits.map(passage),
    '## Measured cells',
    ...(['small', 'large'] as const).flatMap((side) => [
      `### ${text(systems[side].label)}`,
      table(
        ['m', 'n', 'trials', 'energy, J', 'sd, J', 'runtime, s', 'sd, s'],
        report.cells[side].map((cell) => [
          formatCount(cell.m),
          formatCount(cell.n),
          formatCount(cell.trials),
          formatNumber(cell.energyJ.total),
          cell.sdEnergyJ === undefined ? 'n/a' : formatNumber(cell.sdEnergyJ),
          formatNumber(cell.runtimeS),
          cell.sdRuntimeS === undefined ? 'n/a' : formatNumber(cell.sdRuntimeS),
        ]),
      ),
    ]),
    '## How to reproduce it',
    'The same settings on the same inputs give the same figures to the last digit.',
    `\`\`\`sh\n${report.command}\n\`\`\``,
    table(
      ['', ''],
      [
        ['Study', study.id],
        ['Crossover', report.versions.crossover],
        [`SHA-256 of ${systems.small.profile.id}`, systems.small.profile.sha256],
        [`SHA-256 of ${systems.large.profile.id}`, systems.large.profile.sha256],
        [`SHA-256 of ${workload.id}`, workload.sha256],
      ],
    ),
  ].join('\n\n')}\n`;
}

const SYSTEM_ROWS: readonly (readonly [string, (system: ReportSystem) => string])[] = [
  ['System', ({ name }) => name],
  ['Hardware', ({ hardware }) => hardware],
  ['Model', ({ model }) => model],
  [
    'Conditions',
    ({ conditions: { engine, precision, kvCache, batch } }) =>
      `${engine} · ${precision} · KV cache ${kvCache ? 'on' : 'off'} · batch ${batch}`,
  ],
  ['Cells', ({ cells, trials }) => `${formatCount(cells)} cells, ${formatCount(trials)} trials`],
  ['Rails', ({ rails }) => railNames(rails)],
  ['Boundary', ({ boundaryNote }) => boundaryNote],
  ['Figures', ({ origin, source }) => `${origin}. ${source.title}, ${source.authors}. ${source.note ?? ''}`],
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
function text(raw: string): string {
  return raw
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}
