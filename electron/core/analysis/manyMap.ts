import type { CostForm } from '../policy.ts';
import type { Profile } from '../profile.ts';
import { joules, seconds } from '../units.ts';
import type { Workload } from '../workload.ts';
import { commonBoundary } from './boundary.ts';
import { costTableOf, modelSystem } from './costTable.ts';
import { decisionMap, mapModels, tokenSteps } from './decisionMap.ts';
import type { ManySettings } from './manySettings.ts';
import type { JointModelName } from './model.ts';
import { pairTable } from './pairs.ts';
import { tableCostForm } from './rules.ts';

/** Which of several systems is the cheapest for a query of m input and n output tokens. */
export interface ManyMap {
  /** input tokens of the rows, output tokens of the columns, ascending */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** position of the cheapest system, row by row; of equals the first */
  readonly system: readonly (readonly number[])[];
  /** whether one of the systems was not measured that far, row by row */
  readonly extrapolated: readonly (readonly boolean[])[];
}

/** So many steps of tokens along each axis. */
const STEPS = 28;

/**
 * The map of a comparison over the lengths that occur in its workload.
 * @param profiles in the order of the settings
 * @param energyModel the one that the comparison used
 */
export function manyMap(
  settings: ManySettings,
  energyModel: JointModelName,
  profiles: readonly Profile[],
  workload: Workload,
): ManyMap {
  const boundary = commonBoundary(
    profiles.map((profile) => ({ profile })),
    settings.boundary,
    settings.idle,
  );
  const systems = profiles.map((profile, i) =>
    modelSystem({ ...boundary.rules[i]!, profile, energyModel, runtimeModel: energyModel }),
  );
  const { lambda, cost } = settings;
  const form: CostForm =
    cost === 'raw'
      ? { lambda, energyUnit: joules(1), runtimeUnit: seconds(1) }
      : tableCostForm(costTableOf(pairTable(workload), systems), lambda, cost);
  const input = stepsOver(workload.pairs.map(([m]) => m));
  const output = stepsOver(workload.pairs.map(([, n]) => n));
  const found = decisionMap(mapModels(systems, input, output), form);
  const rows = <T>(of: (at: number) => T): T[][] =>
    input.map((_, row) => output.map((__, column) => of(row * output.length + column)));
  return {
    input,
    output,
    system: rows((at) => found.system[at]!),
    extrapolated: rows((at) => found.extrapolated[at] === 1),
  };
}

function stepsOver(lengths: readonly number[]): number[] {
  const low = lengths.reduce((least, each) => Math.min(least, each), Infinity);
  const high = lengths.reduce((most, each) => Math.max(most, each), 1);
  return tokenSteps(Math.max(1, low), high, STEPS);
}
