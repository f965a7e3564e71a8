/** One profile of the shards of a sweep. */
import { LabError } from './errors.ts';
import { likeness, runDifferences } from './likeRuns.ts';
import type { Profile } from './profile.ts';
import { idlePowers, type Run, type RunEvent } from './run.ts';
import { profileFromRun } from './runProfile.ts';
import { cellKey, shardName, wholePlan } from './shards.ts';
import type { Plan, PlanCell } from './sweep.ts';
import { trialFate, type Trial } from './trial.ts';

/** A run that measured a shard of a sweep. */
export interface ShardRun {
  readonly run: Run;
  /** all of its trials */
  readonly trials: readonly Trial[];
  /** what happened in it; its idle baselines among that */
  readonly events: readonly RunEvent[];
}

/** What the shards of a sweep give together. */
export interface MergedShards {
  /** id of the whole sweep */
  readonly sweep: string;
  /** the runs that were taken together, in the order of their shards */
  readonly runs: readonly { readonly id: string; readonly shard: string }[];
  /** undefined while no cell has a valid trial */
  readonly profile: Profile | undefined;
  /** shards that no run was given of, as "3 of 8" */
  readonly missingShards: readonly string[];
  /** cells of the sweep without a valid trial */
  readonly missingCells: readonly PlanCell[];
  /** cells that several runs measured: their means are over all trials */
  readonly pooledCells: readonly PlanCell[];
  /** sentences */
  readonly warnings: readonly string[];
}

/**
 * Takes the shards of one sweep together: every cell's means are over the valid trials of all runs, as if one
 * computer had measured the whole sweep.
 * @param given runs with shards of one sweep, at least one
 * @throws LabError "incompatible" when they are not shards of one sweep, or were measured on or with different things
 */
export function mergeShards(given: readonly ShardRun[]): MergedShards {
  const shards = [...given].sort(byShard);
  const first = shards[0];
  const shard = first?.run.plan.shard;
  if (first === undefined || shard === undefined) throw apart('a run is no shard of a sweep');
  const differing = new Set<string>();
  for (const other of shards.slice(1)) {
    const { apart: reasons, minor } = runDifferences(first.run, other.run);
    if (other.run.plan.shard?.sweep !== shard.sweep)
      throw apart('their sweeps differ (cells, seed or rules)');
    if (reasons.length > 0) {
      throw apart(`${first.run.id} and ${other.run.id} differ in ${reasons.join('; in ')}`);
    }
    for (const difference of minor) differing.add(difference);
  }
  const plan = wholePlan(first.run.plan);
  const trials = shards.flatMap((each) => each.trials).map((trial, index) => ({ ...trial, index }));
  const missingCells = cellsWhere(plan, (key) => !trials.some((trial) => isValidOf(trial, key)));
  const pooledCells = cellsWhere(
    plan,
    (key) => shards.filter((each) => each.trials.some((trial) => isValidOf(trial, key))).length > 1,
  );
  const missingShards = shardsMissing(shards);
  const warnings = [
    ...[...differing].map((difference) => `The runs differ in ${difference}.`),
    ...shards
      .filter(({ run }) => run.state !== 'done')
      .map(({ run }) => `The run ${run.id} of the shard ${nameOf(run)} is ${run.state}, not done.`),
    ...(missingShards.length === 0 ? [] : [`The shards ${missingShards.join(', ')} are missing.`]),
    ...(missingCells.length === 0
      ? []
      : [`Without a valid trial yet: ${missingCells.map(({ m, n }) => `(${m}, ${n})`).join(' ')}.`]),
  ];
  const runs = shards.map(({ run }) => ({ id: run.id, shard: nameOf(run) }));
  return {
    sweep: shard.sweep,
    runs,
    profile: mergedProfile(shards, plan, trials, { runs, warnings, pooled: pooledCells.length }),
    missingShards,
    missingCells,
    pooledCells,
    warnings,
  };
}

function mergedProfile(
  shards: readonly ShardRun[],
  plan: Plan,
  trials: readonly Trial[],
  about: { runs: MergedShards['runs']; warnings: readonly string[]; pooled: number },
): Profile | undefined {
  const first = shards[0]!.run;
  const leastSure = shards
    .flatMap((each) => (each.run.truth === undefined ? [] : [each.run.truth]))
    .sort((a, b) => b.plusMinusJ - a.plusMinusJ)[0];
  const profile = profileFromRun(
    {
      ...first,
      id: `${first.plan.shard!.sweep}-${likeness(first)}`,
      startedAt: shards.map((each) => each.run.startedAt).sort()[0]!,
      plan,
      ...(leastSure === undefined ? {} : { truth: leastSure }),
    },
    trials,
    idlePowers(shards.flatMap(({ events }) => events)),
  );
  if (profile === undefined) return undefined;
  const list = about.runs.map(({ id, shard }) => `${id} (${shard})`).join(', ');
  return {
    ...profile,
    source: {
      ...profile.source,
      authors: about.runs.length === 1 ? profile.source.authors : `${about.runs.length} runs, taken together`,
      note:
        `Shards of the sweep ${first.plan.shard!.sweep}, seed ${plan.seed}: ${list}. ` +
        `Meter ${first.meter.name}, Crossover ${first.environment.crossover}, ${first.environment.os}.`,
    },
    notes: [
      ...profile.notes,
      ...about.warnings,
      ...(about.pooled === 0
        ? []
        : [`${about.pooled} cells were measured by several runs; their means are over all valid trials.`]),
    ],
  };
}

const isValidOf = (trial: Trial, key: string): boolean =>
  cellKey(trial) === key && trialFate(trial) === 'valid';

function cellsWhere({ cells }: Plan, is: (key: string) => boolean): PlanCell[] {
  const distinct = [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()];
  return distinct.filter((cell) => is(cellKey(cell)));
}

/** Shards of which there is no run; only told when all runs agree on how many there are. */
function shardsMissing(shards: readonly ShardRun[]): string[] {
  const numbers = new Set(shards.map(({ run }) => run.plan.shard!.of));
  if (numbers.size > 1) return [];
  const of = [...numbers][0]!;
  const present = new Set(shards.map(({ run }) => run.plan.shard!.index));
  return Array.from({ length: of }, (_, i) => i + 1)
    .filter((index) => !present.has(index))
    .map((index) => shardName({ index, of }));
}

const nameOf = ({ plan }: Run): string => shardName(plan.shard!);

function byShard(a: ShardRun, b: ShardRun): number {
  const [one, other] = [a.run.plan.shard, b.run.plan.shard];
  const order = (one?.of ?? 0) - (other?.of ?? 0) || (one?.index ?? 0) - (other?.index ?? 0);
  return order || (a.run.id < b.run.id ? -1 : 1);
}

function apart(reason: string): LabError {
  return new LabError(
    'incompatible',
    `The runs cannot be taken together: ${reason}. Nothing was merged.`,
    'Import the runs of each computer and model by themselves.',
  );
}
