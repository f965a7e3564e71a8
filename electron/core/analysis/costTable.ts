import { LabError } from '../errors.ts';
import type { Profile } from '../profile.ts';
import type { Workload } from '../workload.ts';
import { energyCells, runtimeCells, type EnergyRule } from './costCells.ts';
import { fitModel } from './fitModel.ts';
import type { FittedModel, ModelName } from './model.ts';
import { pairTable, type PairTable } from './pairs.ts';

/** The most systems that one comparison takes: an assignment is a byte a pair. */
export const MOST_SYSTEMS = 16;

/** What one query of each pair costs on one system. */
export interface SystemCosts {
  /** id of the profile */
  readonly id: string;
  /** short name, for sentences */
  readonly label: string;
  /** J of one query of each pair; can be 0 or less under the linear model alone, see `negative` */
  readonly energyJ: Float64Array;
  /** s of one query of each pair */
  readonly runtimeS: Float64Array;
  /** 1 where the pair lies beyond what was measured */
  readonly extrapolated: Uint8Array;
  /** bit 1: the energy is 0 or less; bit 2: the runtime is */
  readonly negative: Uint8Array;
}

/** Bits of `SystemCosts.negative`. */
export const NEGATIVE_ENERGY = 1;
export const NEGATIVE_RUNTIME = 2;

/** A joint workload with what each of its queries costs on each of several systems, in the order of thresholds. */
export interface CostTable {
  readonly pairs: PairTable;
  /** from the one for the shortest queries (the small system) to the one for the longest */
  readonly systems: readonly SystemCosts[];
}

/** A system with the models by which its queries cost. */
export interface ModelledSystem {
  readonly id: string;
  readonly label: string;
  readonly energy: FittedModel;
  readonly runtime: FittedModel;
}

/** A system as the user chooses it. */
export interface SystemChoice extends EnergyRule {
  readonly profile: Profile;
  readonly energyModel: ModelName;
  readonly runtimeModel: ModelName;
}

/**
 * Fits the models of a system.
 * @throws LabError "incompatible" when its cells do not suffice, or a rail is neither measured nor stated
 */
export function modelSystem(choice: SystemChoice): ModelledSystem {
  const { profile, energyModel, runtimeModel } = choice;
  return {
    id: profile.id,
    label: profile.system.label,
    energy: fitModel(energyModel, energyCells(profile, choice), 'energy', profile.name),
    runtime: fitModel(runtimeModel, runtimeCells(profile), 'runtime', profile.name),
  };
}

/** What one query of each pair costs on a system. */
export function systemCosts(pairs: PairTable, { id, label, energy, runtime }: ModelledSystem): SystemCosts {
  const { size } = pairs;
  const costs = {
    id,
    label,
    energyJ: new Float64Array(size),
    runtimeS: new Float64Array(size),
    extrapolated: new Uint8Array(size),
    negative: new Uint8Array(size),
  };
  energy.fill(pairs, costs.energyJ);
  runtime.fill(pairs, costs.runtimeS);
  energy.markExtrapolated(pairs, costs.extrapolated);
  runtime.markExtrapolated(pairs, costs.extrapolated);
  for (let i = 0; i < size; i++) {
    const energyJ = costs.energyJ[i]!;
    const runtimeS = costs.runtimeS[i]!;
    if (!(Number.isFinite(energyJ) && Number.isFinite(runtimeS))) throw beyondNumbers(label, pairs, i);
    if (!(energyJ > 0)) costs.negative[i]! |= NEGATIVE_ENERGY;
    if (!(runtimeS > 0)) costs.negative[i]! |= NEGATIVE_RUNTIME;
  }
  return costs;
}

function beyondNumbers(label: string, pairs: PairTable, i: number): LabError {
  return new LabError(
    'bad-workload',
    `A query with ${pairs.m[i]} input and ${pairs.n[i]} output tokens is so far beyond what was measured on the ` +
      `${label} that its cost is no number.`,
    'Leave such queries out of the workload, or measure longer ones.',
  );
}

/**
 * What each query of a workload costs on each of several systems.
 * @param systems from the one for the shortest queries to the one for the longest
 * @throws LabError "bad-workload", "bad-profile", "bad-setting" or "incompatible" with the reason
 */
export function costTable(
  workload: Pick<Workload, 'name' | 'pairs'>,
  systems: readonly SystemChoice[],
): CostTable {
  return costTableOf(pairTable(workload), systems.map(modelSystem));
}

/** The table of pairs and systems that are at hand already. */
export function costTableOf(pairs: PairTable, systems: readonly ModelledSystem[]): CostTable {
  if (systems.length < 2 || systems.length > MOST_SYSTEMS) {
    throw new LabError(
      'bad-setting',
      systems.length < 2
        ? 'A comparison needs two systems at least.'
        : `${systems.length} systems are more than the ${MOST_SYSTEMS} that one comparison takes.`,
      'Choose other profiles.',
    );
  }
  const twice = systems.find(({ id }, i) => systems.findIndex((other) => other.id === id) !== i);
  if (twice !== undefined) {
    throw new LabError(
      'bad-setting',
      `${twice.label} is chosen twice, so there is nothing to compare.`,
      'Choose different profiles.',
    );
  }
  return { pairs, systems: systems.map((system) => systemCosts(pairs, system)) };
}
