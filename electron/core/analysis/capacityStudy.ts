import { sortAssumptions, type Assumption } from '../assumptions.ts';
import { LabError } from '../errors.ts';
import { formatNumber, formatPercent } from '../format.ts';
import { saving, type Totals } from '../policy.ts';
import type { PolicyOutcome, Savings, StudyInputs, StudyResult, StudySettings } from '../study.ts';
import { objectiveName } from '../verdict.ts';
import { capacityPlan, type CapacityLoad } from './capacity.ts';
import { isJoint, jointSetUp, type JointSettings } from './jointSetUp.ts';
import type { Solve } from './linearProgram.ts';
import { ruleTotals } from './rules.ts';
import { withIntervals } from './uncertainty.ts';

/** What a study says about the devices there are. */
export interface CapacityResult {
  /** queries per second */
  readonly arrivalRate: number;
  readonly small: CapacityLoad;
  readonly large: CapacityLoad;
  /** the optimum in one sentence or two */
  readonly text: string;
}

/** A utilisation from here on counts as full. */
const FULL = 0.9995;

/**
 * The result of a study with the optimum that its devices can carry.
 * @param result of the same settings and inputs
 * @throws LabError "bad-setting" under the paper's model; "infeasible" when the devices cannot carry the queries
 */
export function withCapacity(
  result: StudyResult,
  settings: StudySettings,
  inputs: StudyInputs,
  solve: Solve,
): StudyResult {
  const { capacity } = settings;
  if (capacity === undefined) return result;
  checkCapacitySettings(settings);
  const { problem, form } = jointSetUp(settings as JointSettings, inputs);
  const { table } = problem;
  const { arrivalRate, devices } = capacity;
  const plan = capacityPlan(table, form, { arrivalRate, devices: [devices.small, devices.large] }, solve);
  const oracle = ruleTotals(table, { policy: 'oracle' }, form);
  const single = (name: 'small' | 'large'): Totals => result.policies.find(({ policy }) => policy === name)!;
  const [small, large] = [single('small'), single('large')];
  const savings = (part: (totals: Totals) => number): Savings => ({
    vsBestSingle: saving(part(plan), Math.min(part(small), part(large))),
    vsLarge: saving(part(plan), part(large)),
    vsSmall: saving(part(plan), part(small)),
  });
  const outcome: PolicyOutcome = {
    policy: 'capacity',
    threshold: null,
    axis: 'joint',
    energyJ: plan.energyJ,
    runtimeS: plan.runtimeS,
    cost: plan.cost,
    saving: savings(({ cost }) => cost),
    savingEnergy: savings(({ energyJ }) => energyJ),
    savingRuntime: savings(({ runtimeS }) => runtimeS),
    regret: oracle.cost > 0 ? plan.cost / oracle.cost - 1 : null,
  };
  const [onSmall, onLarge] = [plan.systems[0]!, plan.systems[1]!];
  return {
    ...result,
    policies: [...result.policies, ...withIntervals([outcome], result.uncertainty)],
    capacity: {
      arrivalRate,
      small: onSmall,
      large: onLarge,
      text: capacityText(settings, inputs, { small: onSmall, large: onLarge }, outcome),
    },
    assumptions: sortAssumptions([
      ...result.assumptions,
      ...capacityAssumptions(inputs, { small: onSmall, large: onLarge }),
    ]),
  };
}

/**
 * Whether settings with devices fit together.
 * @throws LabError "bad-setting" when they do not
 */
export function checkCapacitySettings(settings: StudySettings): void {
  if (settings.policy === 'capacity' && settings.capacity === undefined) {
    throw new LabError(
      'bad-setting',
      'The policy "capacity" needs numbers of devices and an arrival rate.',
      'Say how many devices each system has and how many queries come per second: --devices small=4,large=1 ' +
        '--arrival-rate 2.5.',
    );
  }
  if (settings.capacity !== undefined && !isJoint(settings)) {
    throw new LabError(
      'bad-setting',
      "The paper's energy model looks at one axis at a time, and knows no runtime of a whole query that would keep a " +
        'device busy.',
      'Choose the energy model grid, linear or physical.',
    );
  }
}

type Loads = Readonly<Record<'small' | 'large', CapacityLoad>>;

function capacityText(
  settings: StudySettings,
  { small, large }: StudyInputs,
  loads: Loads,
  outcome: PolicyOutcome,
): string {
  const { capacity } = settings;
  const label = { small: small.system.label, large: large.system.label };
  const side = (name: 'small' | 'large'): string => {
    const { devices, queries, utilisation } = loads[name];
    return utilisation === null
      ? `none to the ${label[name]}, of which there is none`
      : `${formatPercent(queries)} to the ${label[name]} (${devices} device${devices === 1 ? '' : 's'}, ` +
          `${formatPercent(utilisation)} busy)`;
  };
  const { vsBestSingle } = outcome.saving;
  const more = (['small', 'large'] as const)
    .filter((name) => loads[name].oneMoreSaves > outcome.cost * 5e-5)
    .map(
      (name) =>
        `one more ${label[name]} would save another ${formatPercent(loads[name].oneMoreSaves / outcome.cost, 2)}`,
    );
  return (
    `With these devices and ${formatNumber(capacity!.arrivalRate)} queries per second, the least ` +
    `${objectiveName(settings)} sends ${side('small')} and ${side('large')} of the queries. That is ` +
    `${vsBestSingle >= 0 ? `${formatPercent(vsBestSingle, 2)} less` : `${formatPercent(-vsBestSingle, 2)} more`} than ` +
    'the better single system with as many devices as it takes. ' +
    (more.length === 0 ? 'No further device would save anything.' : `${more.join(', ').replace(/^o/, 'O')}.`)
  );
}

function capacityAssumptions({ small, large }: StudyInputs, loads: Loads): Assumption[] {
  const found: Assumption[] = [
    {
      kind: 'capacity',
      level: 'note',
      short: 'one query a device',
      message:
        'Under capacity each query keeps one device busy for its measured runtime, queries come at a steady rate in ' +
        'the proportions of the workload, and devices without work draw nothing that is counted.',
    },
  ];
  const full = (['small', 'large'] as const).filter((name) => (loads[name].utilisation ?? 0) >= FULL);
  if (full.length > 0) {
    const labels = full.map((name) => ({ small, large })[name].system.label);
    found.push({
      kind: 'capacity',
      level: 'warning',
      short: 'devices always busy',
      message:
        `The devices of the ${labels.join(' and the ')} are busy all the time in the optimum under capacity: where ` +
        'queries come at random, such a queue grows without end. Plan with more devices, or for a lower arrival rate.',
    });
  }
  return found;
}
