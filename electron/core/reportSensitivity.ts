import { thresholdPhrase, type PolicyChoice } from './analysis/policyChoice.ts';
import { formatFixed, formatNumber, formatPercent } from './format.ts';
import type { ReportDocument } from './report.ts';
import type { SourceId, SourceRule } from './reportLinks.ts';
import { objectiveName } from './verdict.ts';

/** A table of the report as text, for every form of it. */
export interface TextTable {
  readonly title: string;
  readonly note?: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** where its numbers come from, but for those that `rules` say otherwise of */
  readonly source: SourceId;
  readonly rules?: readonly SourceRule[];
}

/** What else the answer depends on: λ, outputs not known, the models' errors, and what lies beyond the measurements. */
export function sensitivityTables(report: ReportDocument): TextTable[] {
  const { sensitivity, systems, study, verdict, extrapolated } = report;
  const tables: TextTable[] = [];
  const say = (choice: PolicyChoice): string =>
    choice.policy === 'small' || choice.policy === 'large'
      ? `${systems[choice.policy].label} alone`
      : choice.threshold === null
        ? choice.policy
        : `${thresholdPhrase(choice)} to the ${systems.small.label}`;
  tables.push({
    title: 'The least saving that counts as useful',
    note:
      `It is ${formatPercent(study.settings.minSaving)}; ` +
      `${study.settings.chosen === undefined ? 'the best threshold' : 'the policy that was settled on'} saves ` +
      `${formatPercent(verdict.saving, 2)} of the ` +
      `${objectiveName(study.settings)} against the ${systems[verdict.bestSingle].label} alone` +
      (verdict.interval95 === undefined
        ? '.'
        : `, 95% interval ${formatPercent(verdict.interval95[0], 2)} to ${formatPercent(verdict.interval95[1], 2)}.`),
    heads: [],
    rows: [],
    source: 'from-savings',
    rules: [[/^It is [\d.]+%/g, 'setting-min-saving']],
  });
  const { flips } = sensitivity;
  if (flips !== undefined) {
    tables.push({
      title: 'The weight of energy, λ',
      note:
        flips.length === 0
          ? 'The best policy is the same for every λ from 0 (runtime alone) to 1 (energy alone).'
          : `The best policy changes at ${flips.length === 1 ? 'one λ' : `${flips.length} values of λ`} between 0 (runtime alone) and 1 (energy alone); this study has λ = ${study.settings.lambda}.${
              flips.length > MOST_FLIPS ? ' Some of them are shown; the JSON and CSV forms have all.' : ''
            }`,
      source: 'from-lambda',
      heads: ['From λ =', 'The best policy is'],
      rows:
        flips.length === 0
          ? []
          : [
              ['0', say(flips[0]!.from)],
              ...thin(flips, MOST_FLIPS).map(({ lambda, to }) => [formatNumber(lambda, 4), say(to)]),
            ],
    });
  }
  const unknown = sensitivity.unknownOutput;
  if (unknown !== undefined) {
    tables.push({
      title: 'An output that is not known in advance',
      note: 'What is paid above the best threshold on output tokens that knows them, as a share of the cost.',
      source: 'from-unknown-output',
      heads: ['How the output is foretold', 'Threshold kept', 'Threshold adapted'],
      rows: [
        ...unknown.prediction.map(({ sigma, loss, adapted }) => [
          sigma === 0
            ? 'exactly'
            : `off by a factor of ${formatFixed(Math.exp(sigma), 2)} (σ = ${sigma} of ln n)`,
          formatPercent(loss, 2),
          formatPercent(adapted, 2),
        ]),
        ['as the mean of queries with the same input', formatPercent(unknown.expectedOutput, 2), '–'],
        ['not at all: the best that sees the input alone', formatPercent(unknown.bestByInput, 2), '–'],
      ],
    });
  }
  if (sensitivity.models !== undefined) {
    const { models } = sensitivity;
    tables.push({
      title: 'The energy model',
      note: 'Each measured cell is left out in turn and foretold from the others.',
      source: 'from-model',
      heads: ['System', 'Mean error of energy', 'largest', 'Mean error of runtime', 'largest'],
      rows: (['small', 'large'] as const).map((side) => {
        const { energy, runtime } = models[side];
        return [
          systems[side].label,
          ...[energy.heldOut, runtime.heldOut].flatMap((error) =>
            error === null ? ['n/a', 'n/a'] : [formatPercent(error.mean), formatPercent(error.largest)],
          ),
        ];
      }),
    });
  }
  tables.push({
    title: 'Beyond the measurements',
    note:
      extrapolated.queries === 0
        ? 'Every query lies within what was measured.'
        : `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the energy, lie beyond what was measured on the system they go to.`,
    source: 'from-extrapolated',
    heads: [],
    rows: [],
  });
  return tables;
}

/** So many changes of the best policy are shown at the most; all are in the report's data. */
const MOST_FLIPS = 20;

function thin<T>(items: readonly T[], most: number): T[] {
  const every = Math.ceil(items.length / most);
  return items.filter((_, i) => i % every === 0 || i === items.length - 1);
}
