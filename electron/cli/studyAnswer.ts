import { boundaryName } from '#core/assumptions';
import { thresholdPhrase, type PolicyChoice } from '#core/analysis/policyChoice';
import { formatNumber, formatPercent } from '#core/format';
import { bestThreshold, type Totals } from '#core/policy';
import { systemLabels } from '#core/report';
import type { PolicyOutcome, StudySettings } from '#core/study';
import { queryCount } from '#core/workload';
import type { Lab } from '../lab.ts';
import { likeForLikeIn } from '../lab/likeForLike.ts';
import { studyCommand } from '../lab/studyCommand.ts';
import type { StoredStudy } from '../store/studies.ts';
import { capacityText } from './capacityFlags.ts';
import type { Answer } from './command.ts';
import { likeForLikeText } from './likeForLikeText.ts';
import { uncertaintyDocument, uncertaintyText } from './uncertaintyText.ts';
import { bullets, facts, heading, paragraphs, sameDecimals, table, wrap } from './text.ts';

/** What `analyze` and `studies show` answer: the study, and what would make its two sides like for like. */
export function studyAnswer(lab: Lab, stored: StoredStudy): Answer {
  const { small, large } = stored.inputs;
  const match = likeForLikeIn(lab, small, large);
  return {
    data: { ...studyDocument(stored), likeForLike: match ?? null },
    text: (columns) => paragraphs(studyText(stored, columns), likeForLikeText(match, columns)),
  };
}

/** `analyze --json`: energies in J, runtimes in s, savings as fractions of the cost. */
export function studyDocument({ study, inputs, title, storedAt, name, note, versions }: StoredStudy): object {
  const { id, settings, hashes, result } = study;
  const { energyModel, policy, lambda, cost, boundary, thresholds, minSaving } = settings;
  return {
    study: id,
    title,
    storedAt,
    name,
    note,
    versions,
    small: settings.small,
    large: settings.large,
    workload: { id: settings.workload, queries: queryCount(inputs.workload) },
    energyModel,
    policy,
    lambda,
    cost,
    boundary: result.boundary,
    boundaryAsked: boundary,
    rails: result.rails,
    thresholds,
    minSaving,
    ...(settings.bootstrap === undefined ? {} : { bootstrap: settings.bootstrap }),
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    policies: result.policies,
    axis: result.axis,
    sweep: result.sweep,
    verdict: result.verdict,
    extrapolated: result.extrapolated,
    ...(settings.idle === undefined ? {} : { idle: settings.idle }),
    ...(settings.stated === undefined ? {} : { stated: settings.stated }),
    ...(settings.chosen === undefined ? {} : { chosen: settings.chosen }),
    ...(result.capacity === undefined ? {} : { capacity: result.capacity }),
    ...(result.negative === undefined ? {} : { negative: result.negative }),
    ...(result.models === undefined ? {} : { models: result.models }),
    ...(result.unknownOutput === undefined ? {} : { unknownOutput: result.unknownOutput }),
    ...(result.flips === undefined ? {} : { flips: result.flips }),
    ...(result.pareto === undefined ? {} : { pareto: result.pareto, paretoFound: result.paretoFound }),
    ...(result.uncertainty === undefined ? {} : uncertaintyDocument(result.uncertainty)),
    assumptions: result.assumptions,
    inputHashes: hashes,
    command: studyCommand(settings),
  };
}

/** `analyze` and `studies show` for people. */
export function studyText(stored: StoredStudy, columns: number): string {
  const { study, title, name, note } = stored;
  const { id, settings, result } = study;
  const { verdict } = result;
  return paragraphs(
    heading(name === '' ? title : `${name}: ${title}`),
    note === '' ? '' : wrap(note, columns),
    wrap(verdict.text, columns),
    wrap(`${verdict.condition} ${verdict.change}`, columns),
    facts(
      [
        ...systemFacts(stored),
        ['λ', `${settings.lambda}; ${costText(settings)}`],
        ['boundary', `${boundaryName(result.boundary)}: ${result.rails.join(' + ')}`],
        ['model', settings.energyModel],
        ['thresholds', `${settings.thresholds.replaceAll('-', ' ')}, ${result.axis} tokens`],
      ],
      columns,
    ),
    policyTable(study),
    uncertaintyText(result.uncertainty, result.policies, systemLabels(stored.inputs), columns),
    capacityText(stored, columns),
    sweepTable(study),
    flipsText(study, columns),
    `What this rests on:\n${bullets(
      result.assumptions.map(({ level, message }) => ({
        mark: level === 'warning' ? '!' : '·',
        text: message,
      })),
      columns,
    )}`,
    `Stored as ${id}. For a report: crossover report ${id} --out report.html`,
  );
}

function costText({ cost, lambda }: StudySettings): string {
  if (lambda === 1) return 'energy alone decides';
  if (lambda === 0) return 'runtime alone decides';
  return cost === 'raw'
    ? 'U = λE + (1−λ)R mixes joules and seconds as they are'
    : 'in U = λE + (1−λ)R, energy and runtime are divided by their largest value first';
}

/** The letters of the table: what "small" and "large" stand for. */
function systemFacts({ study, inputs }: StoredStudy): [string, string][] {
  const labels = systemLabels(inputs);
  return [
    ['small', `${labels.small} (${study.settings.small})`],
    ['large', `${labels.large} (${study.settings.large})`],
  ];
}

function policyTable({ result, settings }: StoredStudy['study']): string {
  const { policies } = result;
  // Under a joint model the policies' names say what they look at.
  const severalAxes = settings.energyModel === 'paper' && new Set(policies.map(({ axis }) => axis)).size > 1;
  const totals = totalColumns(policies, settings);
  const withRegret = policies.some(({ regret }) => regret !== undefined);
  return table(
    [
      { title: 'policy' },
      ...(severalAxes ? [{ title: 'along' }] : []),
      { title: 'T', align: 'right' },
      ...totals.map(({ title }) => ({ title, align: 'right' as const })),
      { title: 'saved: best', align: 'right' },
      { title: 'small', align: 'right' },
      { title: 'large', align: 'right' },
      ...(withRegret ? [{ title: 'regret', align: 'right' as const }] : []),
    ],
    policies.map((outcome, i) => [
      outcome.policy,
      ...(severalAxes ? [outcome.axis] : []),
      thresholdText(outcome),
      ...totals.map(({ cells }) => cells[i]!),
      formatPercent(outcome.saving.vsBestSingle, 2),
      formatPercent(outcome.saving.vsSmall, 2),
      formatPercent(outcome.saving.vsLarge, 2),
      ...(withRegret ? [formatRegret(outcome)] : []),
    ]),
  );
}

function thresholdText({ threshold, outputThreshold, product }: PolicyOutcome): string {
  if (threshold === null) return '–';
  if (product !== undefined) return `mn≤${product}`;
  return outputThreshold === undefined ? String(threshold) : `${threshold},${outputThreshold}`;
}

function formatRegret({ regret }: PolicyOutcome): string {
  return typeof regret === 'number' ? formatPercent(regret, 2) : '–';
}

/** The λ at which the best policy changes, the last few: what a little less weight on the energy would change. */
function flipsText({ result }: StoredStudy['study'], columns: number): string {
  const { flips } = result;
  if (flips === undefined) return '';
  if (flips.length === 0) return 'The same policy is best at every λ.';
  const said = (choice: PolicyChoice): string =>
    choice.threshold === null ? `the ${choice.policy} system alone` : thresholdPhrase(choice);
  const shown = flips.slice(-MOST_FLIPS);
  const title =
    flips.length > shown.length
      ? `The best policy changes at ${flips.length} values of λ, the last of them (--json gives all):`
      : 'The best policy changes at these values of λ:';
  return `${title}\n${bullets(
    shown.map(({ lambda, from, to }) => ({
      mark: '·',
      text: `${formatNumber(lambda, 4)}: from ${said(from)} to ${said(to)}`,
    })),
    columns,
  )}`;
}

const MOST_FLIPS = 5;
const MOST_ROWS = 24;

/** The sweep; a long one (every integer) only around its best threshold. */
function sweepTable({ result, settings }: StoredStudy['study']): string {
  const best = bestThreshold(result.sweep);
  const at = best === undefined ? 0 : result.sweep.indexOf(best);
  const from = Math.max(0, Math.min(at - MOST_ROWS / 2, result.sweep.length - MOST_ROWS));
  const shown = result.sweep.slice(from, from + MOST_ROWS);
  const totals = totalColumns(shown, settings);
  const text = table(
    [
      { title: 'T', align: 'right' },
      ...totals.map(({ title }) => ({ title, align: 'right' as const })),
      { title: '' },
    ],
    shown.map((point, i) => [
      String(point.threshold),
      ...totals.map(({ cells }) => cells[i]!),
      point === best ? '← least cost' : '',
    ]),
  );
  return shown.length === result.sweep.length
    ? text
    : `${text}\n(${shown.length} of ${result.sweep.length} thresholds; --json gives all)`;
}

/** Energy, runtime and, where it is not one of them, the cost: each column in one unit. */
function totalColumns(
  rows: readonly Totals[],
  { lambda }: StudySettings,
): { title: string; cells: string[] }[] {
  const inKilowattHours = rows.some(({ energyJ }) => energyJ >= 3.6e5);
  const inHours = rows.some(({ runtimeS }) => runtimeS >= 7200);
  return [
    {
      title: inKilowattHours ? 'energy, kWh' : 'energy, J',
      cells: sameDecimals(rows.map(({ energyJ }) => (inKilowattHours ? energyJ / 3.6e6 : energyJ))),
    },
    {
      title: inHours ? 'runtime, h' : 'runtime, s',
      cells: sameDecimals(
        rows.map(({ runtimeS }) => (inHours ? runtimeS / 3600 : runtimeS)),
        5,
      ),
    },
    ...(lambda === 0 || lambda === 1
      ? []
      : [{ title: 'cost U', cells: sameDecimals(rows.map(({ cost }) => cost)) }]),
  ];
}
