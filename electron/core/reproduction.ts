import { jointCurve, jointFigure, type JointComparison, type JointFigure } from './jointReproduction.ts';
import {
  AS_PUBLISHED,
  figureOf,
  LARGEST_THRESHOLD,
  leastHybrid,
  PAPER_LARGE,
  PAPER_SMALL,
  publishedFigure,
  readFigure,
  type AxisAnalysis,
  type Reading,
  type RuntimeTotals,
} from './paperFigure.ts';
import { powerOfTwoThresholds } from './policy.ts';
import type { Axis, Profile, Rail } from './profile.ts';
import { waterfallOf, type WaterfallBar } from './waterfall.ts';
import type { Workload } from './workload.ts';

/** Workloads beside which finding 6 is shown. */
export const JOINT_WORKLOADS: readonly string[] = ['alpaca-gpt4', 'gsm8k'];

/** One finding of a careful reading with its effect. */
export interface ReconciliationStep {
  readonly step: number;
  /** a few words, for a chart */
  readonly title: string;
  readonly what: string;
  /** the figure that the finding concerns most; the numbers below are its */
  readonly axis: Axis;
  /**
   * what the effect is measured against: the reproduced figure, with this finding alone mended, or the figure with all
   * earlier findings mended, on which this one builds
   */
  readonly against: 'reproduced' | 'earlier-steps';
  /** least total of the hybrid, in kWh; null where the effect cannot be computed */
  readonly hybridKwh: number | null;
  /** saved against the A100 alone, a fraction; null where it cannot be computed */
  readonly saving: number | null;
  readonly bestThreshold: number | null;
  /** change of `hybridKwh` */
  readonly effectKwh: number | null;
  /** change of `saving`, in percentage points */
  readonly effectPoints: number | null;
  /** why the effect cannot be computed, where it cannot */
  readonly because?: string;
  /** both figures with this finding alone mended; where it builds on the earlier ones there is no such thing */
  readonly alone?: Readonly<Record<Axis, AxisAnalysis>>;
  /** both figures with this and all earlier findings mended; of one that cannot be computed those of the one before */
  readonly cumulative: Readonly<Record<Axis, AxisAnalysis>>;
  /** only where the finding concerns the runtime */
  readonly runtime?: RuntimeTotals;
  /** from the finding on that concerns the joint distribution: every policy on it, by workload and rails */
  readonly joint?: readonly JointFigure[];
}

export interface Reproduction {
  readonly input: AxisAnalysis;
  readonly output: AxisAnalysis;
  readonly published: Readonly<Record<Axis, AxisAnalysis>>;
  readonly reconciliation: readonly ReconciliationStep[];
  /** each figure from the published saving down to the like-for-like joint one */
  readonly waterfall: Readonly<Record<Axis, readonly WaterfallBar[]>>;
}

/** The findings in the order of the reconciliation; each mends one thing. */
const FINDINGS: readonly {
  axis: Axis;
  title: string;
  what: string;
  mend: Partial<Reading>;
  runtime?: true;
}[] = [
  {
    axis: 'output',
    title: 'input lengths for outputs',
    what: 'The output figure distributes over input lengths; use the lengths of the outputs.',
    mend: { outputLengths: 'output' },
  },
  {
    axis: 'input',
    title: 'tokens of one side',
    what:
      'Energy per token is measured over input and output tokens together, then multiplied by one side alone; ' +
      'multiply it by all tokens of the query.',
    mend: { charged: 'query' },
  },
  {
    axis: 'input',
    title: 'different models',
    what: 'The A100 averages three models, the M1 Pro two; compare Llama-2 7B with Llama-2 7B.',
    mend: { models: 'llama-2-7b' },
  },
  {
    axis: 'input',
    title: 'trials dropped',
    what: 'The filter "no 0 in the phase" drops iterations 10 and 20 as well as iteration 0; drop iteration 0 alone.',
    mend: { filter: 'all-but-first' },
  },
  {
    axis: 'input',
    title: 'seconds times tokens',
    what: 'Runtime totals multiply the seconds of a query by its tokens; add up the seconds of the queries.',
    mend: {},
    runtime: true,
  },
];

/**
 * The paper's threshold analysis on the bundled figures, beside the published curves, and findings 1 to 8 of a
 * careful reading, each with its effect.
 * @param profiles at least the two-sweep profiles of the M1 Pro and of Swing; with their grids the last findings say more
 * @param workload Alpaca with davinci outputs
 * @param others workloads to which the joint figures are also given
 * @throws LabError "unknown-profile" when the bundled profiles are not there
 */
export function reproducePaper(
  profiles: readonly Profile[],
  workload: Workload,
  others: readonly Workload[] = [],
): Reproduction {
  const study = { profiles, workload };
  const both = (reading: Reading): Record<Axis, AxisAnalysis> => ({
    input: readFigure(study, 'input', reading).analysis,
    output: readFigure(study, 'output', reading).analysis,
  });
  const base = both(AS_PUBLISHED);
  let mended = AS_PUBLISHED;
  const first = FINDINGS.map((finding, index): ReconciliationStep => {
    mended = { ...mended, ...finding.mend };
    const alone = both({ ...AS_PUBLISHED, ...finding.mend });
    const own = alone[finding.axis];
    const before = base[finding.axis];
    return {
      step: index + 1,
      title: finding.title,
      what: finding.what,
      axis: finding.axis,
      against: 'reproduced',
      hybridKwh: leastHybrid(own),
      saving: own.savingVsLarge,
      bestThreshold: own.bestThreshold,
      effectKwh: leastHybrid(own) - leastHybrid(before),
      effectPoints: 100 * (own.savingVsLarge - before.savingVsLarge),
      alone,
      cumulative: both(mended),
      ...(finding.runtime ? { runtime: readFigure(study, finding.axis, AS_PUBLISHED).runtime } : {}),
    };
  });
  const reconciliation = [...first, ...laterSteps(study, others, first.at(-1)!)];
  const figures = { input: publishedFigure('input'), output: publishedFigure('output') };
  return {
    ...base,
    published: figures,
    reconciliation,
    waterfall: {
      input: waterfallOf('input', figures.input, base.input, reconciliation),
      output: waterfallOf('output', figures.output, base.output, reconciliation),
    },
  };
}

/** The model that both systems were measured with. */
const COMMON_MODEL = 'llama-2-7b';

/**
 * Findings 6 to 8, each on top of all earlier ones: the joint distribution, the same rails on both sides, and what no
 * published figure can tell.
 */
function laterSteps(
  { profiles, workload }: { profiles: readonly Profile[]; workload: Workload },
  others: readonly Workload[],
  before: ReconciliationStep,
): ReconciliationStep[] {
  const of = (system: string, design: Profile['design']): Profile | undefined =>
    profiles.find(
      (profile) =>
        profile.system.id === system && profile.model.id === COMMON_MODEL && profile.design === design,
    );
  const pair = (design: Profile['design'], on: Workload, rails: readonly Rail[]): JointComparison[] => {
    const [small, large] = [of(PAPER_SMALL, design), of(PAPER_LARGE, design)];
    return small && large ? [{ small, large, workload: on, rails }] : [];
  };
  const step = (
    number: number,
    title: string,
    what: string,
    earlier: ReconciliationStep,
    comparison: JointComparison,
    figures: readonly JointComparison[],
  ): ReconciliationStep => {
    const analysis = (axis: Axis): AxisAnalysis =>
      figureOf(jointCurve(comparison, axis, powerOfTwoThresholds(LARGEST_THRESHOLD[axis])));
    const cumulative = { input: analysis('input'), output: analysis('output') };
    const [own, was] = [cumulative.output, earlier.cumulative.output];
    return {
      step: number,
      title,
      what,
      axis: 'output',
      against: 'earlier-steps',
      hybridKwh: leastHybrid(own),
      saving: own.savingVsLarge,
      bestThreshold: own.bestThreshold,
      effectKwh: leastHybrid(own) - leastHybrid(was),
      effectPoints: 100 * (own.savingVsLarge - was.savingVsLarge),
      cumulative,
      joint: figures.map(jointFigure),
    };
  };
  const [sweeps] = pair('sweeps', workload, ['cpu', 'gpu']);
  const [gpu] = pair('sweeps', workload, ['gpu']);
  if (sweeps === undefined || gpu === undefined) return [];
  const sixth = step(
    6,
    'one side at a time',
    'Each figure looks at one side of a query; on the joint distribution of input and output tokens, with the same ' +
      'sweeps, most of the saving goes.',
    before,
    sweeps,
    [sweeps, ...others.flatMap((other) => pair('sweeps', other, ['cpu', 'gpu']))],
  );
  const seventh = step(
    7,
    'different rails',
    'The M1 Pro counts GPU and a share of the CPU, the sweeps of the A100 its GPU and a few CPU cores, its grid the ' +
      'GPU alone; count the GPU alone on both. Neither wall power, nor idle power, nor cooling was measured on either.',
    sixth,
    gpu,
    [gpu, ...pair('grid', workload, ['gpu'])],
  );
  return [
    sixth,
    seventh,
    {
      step: 8,
      title: 'no KV cache',
      what:
        'The KV cache was off, and the batch size of 32 in the tables says nothing: every query ran alone. A modern ' +
        'server differs by an order of magnitude.',
      axis: 'output',
      against: 'earlier-steps',
      hybridKwh: null,
      saving: null,
      bestThreshold: null,
      effectKwh: null,
      effectPoints: null,
      because:
        'neither system was measured with a KV cache or with batches. Measure both as you would run them: that is what ' +
        'this lab is for.',
      cumulative: seventh.cumulative,
    },
  ];
}
