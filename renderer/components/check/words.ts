import type { Factor, Variation, VariationAnswer } from '#core/analysis/variations';
import type { FactorSummary, FoundVariation, VariationSummary } from '#core/analysis/variationSummary';
import { formatExact, formatPercent } from '#core/format';
import { SAME } from '#core/verdict';
import { policyName, type SystemLabels } from '../threshold/words.ts';

/** What the variations are told with. */
export interface VariationNames {
  readonly systems: SystemLabels;
  readonly workload: (id: string) => string;
}

/** What is changed, as a row is called. */
export const FACTOR_TITLES: Readonly<Record<Factor, string>> = {
  workload: 'Workload',
  lambda: 'λ',
  model: 'Energy model',
  policy: 'Policy',
  thresholds: 'Thresholds tried',
  boundary: 'Boundary',
  idle: 'Idle energy',
};

/** The same in a sentence. */
const FACTOR_WORDS: Readonly<Record<Factor, string>> = {
  workload: 'the workload',
  lambda: 'λ',
  model: 'the energy model',
  policy: 'the policy',
  thresholds: 'the thresholds tried',
  boundary: 'the boundary',
  idle: 'whether idle energy counts',
};

const VALUES: Readonly<Record<Exclude<Factor, 'workload' | 'lambda'>, Readonly<Record<string, string>>>> = {
  model: {
    paper: "the paper's model",
    grid: 'the grid model',
    linear: 'the linear model',
    physical: 'the physical model',
  },
  policy: {
    all: 'any policy',
    'threshold-in': 'T_in alone',
    'threshold-out': 'T_out alone',
    'threshold-product': '√(m·n) alone',
    'threshold-both': 'T_in & T_out alone',
  },
  thresholds: { 'every-integer': 'every length', 'powers-of-two': 'powers of two' },
  boundary: {
    'like-for-like': 'like for like',
    gpu: 'the GPU alone',
    'gpu+cpu': 'GPU + CPU',
    soc: 'the whole SoC',
    machine: 'the whole machine',
    wall: 'wall power',
  },
  idle: { gross: 'all energy', 'above-idle': 'energy above idle' },
};

/** What a thing is changed to, as short as it stands at a mark. */
export function valueName(
  { factor, value }: Pick<Variation, 'factor' | 'value'>,
  { workload }: Pick<VariationNames, 'workload'>,
): string {
  if (factor === 'workload') return workload(value);
  if (factor === 'lambda') return `λ = ${formatExact(Number(value))}`;
  return VALUES[factor][value] ?? value;
}

/** A saving of two decimals; what counts as the same is 0. */
export function savedText(saving: number): string {
  return formatPercent(Math.abs(saving) < SAME ? 0 : saving, 2);
}

/** A few things as a list: "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** What a variation answers, in sentences. */
export function explained(answer: VariationAnswer, names: VariationNames): string {
  const what = answer.now ? 'As the study is' : `With ${valueName(answer, names)}`;
  if (answer.kind === 'impossible') return `${what}: cannot be. ${answer.why}`;
  const { best, saving, bestSingle, extrapolated } = answer;
  const alone = `the ${names.systems[bestSingle].system.label} alone`;
  const policy = policyName(best, names.systems);
  const saves =
    saving <= -SAME
      ? `costs ${savedText(-saving)} more than ${alone}`
      : `saves ${savedText(saving)} against ${alone}`;
  return (
    `${what}: ${answer.kind === 'threshold' ? '' : 'no useful threshold; '}the best, ${policy}, ${saves}. ` +
    (extrapolated.queries === 0
      ? 'All queries lie within what was measured.'
      : `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the energy, lie beyond what was measured.`)
  );
}

/** The answer of all variations in a sentence, cut where its numbers are. */
export function summaryParts({
  useful,
  all,
  factors,
}: VariationSummary): readonly { text: string; strong?: true }[] {
  const [widest] = factors;
  const moves = widest?.range !== undefined && widest.range[1] - widest.range[0] >= SAME;
  return [
    { text: 'A threshold is useful in ' },
    { text: `${useful} of ${all}`, strong: true },
    { text: ' variations. ' },
    ...(moves
      ? [
          { text: 'What moves the saving most is ' },
          { text: FACTOR_WORDS[widest.factor], strong: true as const },
          { text: `: ${rangeText(widest.range)}.` },
        ]
      : [{ text: 'None of them moves the saving.' }]),
  ];
}

/** From the least to the most saved. */
export function rangeText([least, most]: NonNullable<FactorSummary['range']>): string {
  return `${savedText(least)} to ${savedText(most)}`;
}

/** Which variations turn the answer, a sentence; empty where the study itself has none. */
export function turnedText({ own, turned }: VariationSummary, names: VariationNames): string {
  if (own === undefined) return '';
  const now = own.kind === 'threshold' ? 'is useful' : 'is not useful';
  if (turned.length === 0)
    return `As the study is, a threshold ${now}, and none of the variations turns that.`;
  const by = turned.map((each) => valueName(each, names));
  return own.kind === 'threshold'
    ? `As the study is, a threshold is useful; it is not with ${listed(by)}.`
    : `As the study is, no threshold is useful; one is with ${listed(by)}.`;
}

/** What a variation answers, as short as a cell of a table. */
export function answerText({ kind, bestSingle }: FoundVariation, { systems }: VariationNames): string {
  return kind === 'threshold' ? 'threshold useful' : `all to the ${systems[bestSingle].system.label}`;
}
