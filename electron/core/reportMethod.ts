import { formatCount, formatPercent } from './format.ts';
import { railNames, type Axis, type Profile, type Rail } from './profile.ts';
import type { StudyInputs, StudyResult, StudySettings } from './study.ts';
import { drawnWords, hasTrialValues } from './trialValues.ts';

/** A paragraph of the report with its heading. */
export interface Passage {
  readonly title: string;
  readonly text: string;
  /** formulas in plain text; `_{…}` is a subscript, `^{…}` a superscript */
  readonly formulas?: readonly string[];
}

/** How the figures of a study came about, with formulas. */
export function studyMethod(
  settings: StudySettings,
  rails: readonly Rail[],
  labels: { readonly small: string; readonly large: string },
  axes: readonly Axis[],
): Passage[] {
  const lengths = axes
    .map((axis) => (axis === 'input' ? 'input tokens m' : 'output tokens n'))
    .join(', then ');
  return [
    {
      title: 'Energy per token',
      text:
        `Along one axis (here ${lengths}) each system s has measured lengths p. The energy per token there is the ` +
        `mean energy E of a query over its trials (${railNames(rails)}) divided by all its tokens N, input and ` +
        'output together.',
      formulas: ['e_{s}(p) = E_{s}(p) ÷ N_{s}(p)    [J/token]'],
    },
    {
      title: 'A query of any length',
      text:
        'A query of k tokens takes the figures of the measured length nearest to it in powers of two (halves ' +
        'round to even); beyond the ends of the measurements the end stands for it. Its energy is its tokens ' +
        'along the axis times the energy per token; its runtime is that of the measured query.',
      formulas: [
        'p(k) = 2^{round(log₂ k)}, between the shortest and the longest measured length',
        'E_{s}(k) = k · e_{s}(p(k))    [J]',
        'R_{s}(k) = R_{s}(p(k))    [s]',
      ],
    },
    {
      title: 'The whole workload',
      text:
        `f(k) queries have k tokens along the axis. Queries up to the threshold T go to the ${labels.small}, the ` +
        `others to the ${labels.large}. ` +
        (settings.cost === 'raw'
          ? 'The cost mixes joules and seconds as they are, weighted by λ.'
          : 'For the cost, energy and runtime are first divided by their largest value of a query, then weighted by λ.'),
      formulas: [
        'E(T) = Σ_{k ≤ T} f(k) · E_{small}(k) + Σ_{k > T} f(k) · E_{large}(k)    [J], and R(T) likewise    [s]',
        settings.cost === 'raw'
          ? `U(T) = λ E(T) + (1 − λ) R(T), λ = ${settings.lambda}`
          : `U(T) = λ E(T)/E_{max} + (1 − λ) R(T)/R_{max}, λ = ${settings.lambda}`,
      ],
    },
    {
      title: 'Threshold and verdict',
      text:
        (settings.thresholds === 'powers-of-two'
          ? 'Candidates for T are the powers of two from 8 to the longest length that both systems measured. '
          : 'Candidates for T are all lengths that occur in the workload. ') +
        'The best is the one of least cost; of equals, the smallest. It is called useful when it saves at least ' +
        `${formatPercent(settings.minSaving)} of the cost against the better of the two single systems${alsoAtItsLowerEnd(settings)}.`,
      formulas: ['saving = 1 − U(best T) ÷ min(U_{small alone}, U_{large alone})'],
    },
  ];
}

/** What an interval asks of a useful saving beside its own size, where there is one. */
export function alsoAtItsLowerEnd({ bootstrap = 0 }: Pick<StudySettings, 'bootstrap'>): string {
  return bootstrap === 0 ? '' : ', also at the lower end of its 95% interval';
}

/** How its intervals came about, system by system; none where none were computed. */
export function intervalsMethod(
  { idle = 'gross' }: StudySettings,
  { small, large }: StudyInputs,
  labels: { readonly small: string; readonly large: string },
  { uncertainty }: Pick<StudyResult, 'uncertainty'>,
): Passage[] {
  if (uncertainty === undefined) return [];
  const drawn = ({ cells }: Profile): string =>
    drawnWords(cells.length, cells.filter((cell) => hasTrialValues(cell, idle)).length);
  return [
    {
      title: 'Intervals',
      text:
        `A bootstrap of ${formatCount(uncertainty.replicates)} replicates. Each draws the queries of the workload anew, and the ` +
        `means of the cells. ${labels.small}: ${drawn(small)}; ${labels.large}: ${drawn(large)}. Where a profile holds the values of its ` +
        'trials, whole trials are drawn with replacement, so that energy and runtime of a trial stay together, and their mean ' +
        'is smoothed by the n-th part of its variance, n being the trials. Where it holds means alone, a mean is ' +
        "drawn from its standard error, energy and runtime by the same number. Intervals are widened by Student's t for few trials.",
    },
  ];
}

/** What the figures of a study cannot tell. */
export function studyLimits(
  settings: StudySettings,
  { small, large, workload }: StudyInputs,
  { axis, rails, extrapolated, negative, verdict, uncertainty }: StudyResult,
): Passage[] {
  const limits: Passage[] = [
    uncertainty === undefined
      ? {
          title: 'Point estimates',
          text:
            'No interval is computed with any figure. How far chance in the trials or in the choice of queries could ' +
            'move the threshold or the saving is not known from this report.',
        }
      : {
          title: 'What the intervals hold',
          text: uncertainty.assumptions.map(({ message }) => message).join(' '),
        },
  ];
  const joint = settings.energyModel !== 'paper';
  if (!joint) {
    limits.push({
      title: "The paper's model is not the workload's energy",
      text:
        `Energy per token is measured over input and output tokens together and multiplied by the ${axis} tokens ` +
        `alone; the ${axis === 'input' ? 'output' : 'input'} tokens of a query do not enter. Savings can be ` +
        'compared within the model; its kilowatt-hours are not those that the workload would use.',
    });
  }
  if (negative !== undefined && negative.queries > 0) {
    limits.push({
      title: 'A model that is negative',
      text:
        `For ${formatPercent(negative.queries)} of the queries the ${settings.energyModel} model gives 0 or less on one ` +
        'of the systems, which no hardware has. Do not rely on these figures.',
    });
  }
  const without = [small, large].filter((profile) => !profile.conditions.kvCache);
  if (without.length > 0) {
    const who =
      without.length === 2
        ? 'Both profiles were measured'
        : `The profile of the ${without[0]!.system.label} was measured`;
    limits.push({
      title: 'KV cache off',
      text:
        `${who} without a KV cache${
          without.every(({ conditions }) => conditions.batch === 1) ? ' and with one query at a time' : ''
        }. Each output token then recomputes the whole ` +
        'query, so long outputs cost far more than on a modern server with cache and batching, which can differ ' +
        'by an order of magnitude.',
    });
  }
  limits.push({
    title: 'Boundaries',
    text:
      `Counted: ${railNames(rails)}, ${settings.idle === 'above-idle' ? 'above idle' : 'gross of idle'}. ${small.system.label}: ${small.boundaryNote} ` +
      `${large.system.label}: ${large.boundaryNote} ${notCounted(settings, { small, large }, rails)}`,
  });
  if ([small, large].some((profile) => profile.system.place === 'mac')) {
    limits.push({
      title: "Apple's caution",
      text:
        'Apple calls the power figures of its tools estimates, which are not meant for comparing devices with one ' +
        'another. Setting them beside a GPU’s meter does just that.',
    });
  }
  limits.push({
    title: 'No queues',
    text:
      'Each query runs by itself, as soon as it arrives, on a machine that waits for it. Arrival rates, queues, ' +
      'batching and the energy of waiting machines are not in the figures; runtimes are added up over queries.',
  });
  if (joint ? verdict.policy !== 'threshold-in' && verdict.threshold !== null : axis === 'output') {
    limits.push({
      title: 'The output is not known in advance',
      text:
        'A threshold on output tokens needs their number before the query runs. Predicting it loses some of the ' +
        (joint
          ? 'saving; how much is said under What it rests on.'
          : 'saving; how much is not computed here.'),
    });
  }
  if (workload.modelled) {
    limits.push({ title: 'The workload is modelled', text: `${workload.name}: ${workload.note}` });
  }
  if (extrapolated.queries > 0) {
    limits.push({
      title: 'Beyond the measurements',
      text:
        `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the ` +
        `energy, lie beyond what was measured on the system they go to; ${
          joint ? 'the model is extended to them' : 'the nearest measured length stands for them'
        }.`,
    });
  }
  return limits;
}

/** What no figure of a study counts, a sentence. Wall power holds all but the cooling, which a stated PUE stands for. */
function notCounted(
  { stated }: StudySettings,
  { small, large }: Pick<StudyInputs, 'small' | 'large'>,
  rails: readonly Rail[],
): string {
  if (!rails.includes('wall')) return 'Neither wall power, nor idle machines, nor cooling is in it.';
  const uncooled = [
    ...(stated?.small?.pue === undefined ? [small.system.label] : []),
    ...(stated?.large?.pue === undefined ? [large.system.label] : []),
  ];
  return uncooled.length === 0
    ? 'Idle machines are not in it.'
    : `Idle machines are not in it, nor is the cooling of the ${uncooled.join(' and the ')}.`;
}
