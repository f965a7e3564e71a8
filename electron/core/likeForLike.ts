/** The measurement on this computer that would be like for like with another profile. */
import { syntheticName, weightBytes } from './modelShapes.ts';
import { bestKnown, estimatePlan, loadOf, madeUpLike, type PlanEstimate } from './planEstimate.ts';
import type { Profile } from './profile.ts';
import { runRequestSchema, type RunRequest } from './runRequest.ts';
import { makePlan } from './sweep.ts';

/** What must be the same on both sides for two profiles to be of the same thing. */
export type Condition = 'model' | 'precision' | 'KV cache' | 'batch';

/** A condition in which two profiles differ, with the value of each. */
export interface Difference {
  readonly what: Condition;
  readonly own: string;
  readonly other: string;
}

/** A measurement that can be made here. */
export interface Offer {
  /** what differs from the defaults */
  readonly request: Partial<RunRequest>;
  /** the command line that makes it */
  readonly command: string;
  /** of the weights, which are made up once */
  readonly weightBytes: number;
  /** where something was measured here that it can be judged by */
  readonly estimate?: PlanEstimate;
}

/** How two profiles come to be of the same thing. */
export interface LikeForLike {
  /** id of the profile that is to be matched */
  readonly against: string;
  readonly differences: readonly Difference[];
  readonly offer?: Offer;
  /** why there is no such measurement, a sentence, where there is none */
  readonly why?: string;
}

/** In what two profiles differ that decides what a query costs, beside their systems. Models go by their ids. */
export function differencesBetween(own: Profile, other: Profile): Difference[] {
  const found: Difference[] = [];
  const compare = (what: Condition, a: string, b: string, same = a === b): void => {
    if (!same) found.push({ what, own: a, other: b });
  };
  const onOff = (on: boolean): string => (on ? 'on' : 'off');
  compare('model', own.model.name, other.model.name, own.model.id === other.model.id);
  compare('precision', own.conditions.precision, other.conditions.precision);
  compare('KV cache', onOff(own.conditions.kvCache), onOff(other.conditions.kvCache));
  compare('batch', String(own.conditions.batch), String(other.conditions.batch));
  return found;
}

/** A grid or free cells of so many are named one by one; more make no command line. */
const MOST_CELLS = 24;

/**
 * What two profiles differ in, and the measurement on this computer that would match: made-up weights in the shape
 * and precision of the other's model, with its use of the KV cache, over its design.
 * @param own what stands for this computer
 * @param other what is to be matched
 * @param measured the profiles that were measured here, to judge the time by
 * @param meter of the measurement, where another than the default is to be named
 * @returns undefined where they are of the same thing
 */
export function likeForLike(
  own: Profile,
  other: Profile,
  { measured = [], meter }: { readonly measured?: readonly Profile[]; readonly meter?: string } = {},
): LikeForLike | undefined {
  const differences = differencesBetween(own, other);
  if (differences.length === 0) return undefined;
  const found = { against: other.id, differences };
  const like = madeUpLike(other);
  const { batch, kvCache, precision } = other.conditions;
  if (batch > 1) {
    return {
      ...found,
      why: `The embedded engine runs one query at a time, and ${other.name} ran ${batch} together.`,
    };
  }
  if (like === undefined) {
    return {
      ...found,
      why:
        `Weights in the shape of ${other.model.name} in ${precision} cannot be made up here; a GGUF file of it can be ` +
        `measured: crossover measure --model FILE.gguf${kvCache ? '' : ' --no-kv-cache'}.`,
    };
  }
  const request = {
    engine: 'embedded',
    model: syntheticName(like),
    kvCache,
    sweep: sweepLike(other),
    ...(meter === undefined ? {} : { meter }),
  } as const;
  const plan = makePlan(request.sweep, { seed: 1 });
  const load = loadOf(other);
  const known = bestKnown(measured, load);
  const estimate = known && estimatePlan(plan, load, known);
  return {
    ...found,
    offer: {
      request,
      command: commandOf(request),
      weightBytes: weightBytes(like),
      ...(estimate === undefined ? {} : { estimate }),
    },
  };
}

function sweepLike({ design, cells }: Profile): string {
  if (design === 'sweeps') return 'paper';
  const distinct = new Set(cells.map(({ m, n }) => `${m},${n}`));
  return design === 'grid' || distinct.size > MOST_CELLS ? 'grid' : [...distinct].join(' ');
}

/** The command line of a request; what is at its default is left out. */
function commandOf({ model, kvCache, sweep, meter }: Partial<RunRequest>): string {
  const defaults = runRequestSchema.parse({});
  const quoted = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return [
    'crossover measure',
    `--model ${quoted(model ?? defaults.model)}`,
    ...(kvCache === false ? ['--no-kv-cache'] : []),
    ...(sweep === undefined || sweep === defaults.sweep ? [] : [`--sweep ${quoted(sweep)}`]),
    ...(meter === undefined || meter === defaults.meter ? [] : [`--meter ${quoted(meter)}`]),
  ].join(' ');
}
