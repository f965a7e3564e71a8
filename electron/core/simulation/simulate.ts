import type { CostTable } from '../analysis/costTable.ts';
import { chosenRule } from '../analysis/chosenPolicy.ts';
import { judgePolicies } from '../analysis/jointStudy.ts';
import { isJoint, jointSetUp } from '../analysis/jointSetUp.ts';
import { policyChoice, type PolicyChoice } from '../analysis/policyChoice.ts';
import { RandomStream } from '../analysis/randomStream.ts';
import { assign, type Rule } from '../analysis/rules.ts';
import type { Interval95 } from '../analysis/uncertainty.ts';
import { LabError } from '../errors.ts';
import { studentT } from '../statistics.ts';
import type { StudyInputs, StudySettings } from '../study.ts';
import { loadsOf, mostArrivalRate, systemLoad, type Load, type SystemLoad } from './loads.ts';
import type { AskedOperation, Operation } from './operation.ts';
import { drawArrivals, runningQueries, waitingTimes, type Arrivals } from './queue.ts';
import { yearOf, type SimulatedYear } from './year.ts';

/** A time over the simulated queries, s. */
export interface Delay {
  readonly mean: number;
  /** of the mean, over the simulated stretches */
  readonly interval95: Interval95;
  readonly median: number;
  /** 95 of 100 queries are done within it */
  readonly p95: number;
  readonly p99: number;
}

/** One policy, carried out. */
export interface SimulatedPolicy extends PolicyChoice {
  readonly small: SystemLoad;
  readonly large: SystemLoad;
  /** from this arrival rate on a queue grows without end, queries per second; Infinity is never reached: null */
  readonly mostArrivalRate: number | null;
  /** from a query's arrival to its start; null where a queue grows without end */
  readonly waitS: Delay | null;
  /** from a query's arrival to its end; null where a queue grows without end */
  readonly responseS: Delay | null;
  /** what a year of it takes; null where a queue grows without end */
  readonly year: SimulatedYear | null;
}

/** A study's policy and the single systems under one operation. */
export interface Simulation {
  readonly operation: Operation;
  /** the study's policy first, then each system alone, which then is the only one kept */
  readonly policies: readonly SimulatedPolicy[];
  /** whether the study's energies count all that a device draws while it is busy, or what a query adds */
  readonly idle: 'gross' | 'above-idle';
}

/** How far a simulation is. */
interface SimulationWatch {
  /** @param fraction of it that is done, 0 to 1 */
  readonly progress?: (fraction: number) => void;
}

/**
 * Carries a study's policy out: queries at random, devices that take one query at a time, first come, first served.
 * The same queries come under every policy. Everything follows from the settings, the inputs and the operation. Where no
 * arrival rate is said, half of what the study's policy carries is taken.
 * @throws LabError "bad-setting" under the paper's model, which knows no runtime of a whole query; what `jointSetUp`
 *   throws; "incompatible" where a model gives a runtime of 0 or less
 */
export function simulate(
  settings: StudySettings,
  inputs: StudyInputs,
  asked: AskedOperation,
  watch: SimulationWatch = {},
): Simulation {
  if (!isJoint(settings)) {
    throw new LabError(
      'bad-setting',
      "The paper's energy model looks at one axis at a time, and knows no runtime of a whole query that would keep a " +
        'device busy.',
      'Choose the energy model grid, linear or physical.',
    );
  }
  const setUp = jointSetUp(settings, inputs);
  const { problem, form } = setUp;
  const { rules, best } = judgePolicies(setUp);
  const own: Rule = settings.chosen
    ? chosenRule(settings.chosen)
    : rules.get(best.policy as Parameters<typeof rules.get>[0])!;
  const singles = [0, 1].map((system): Rule => ({ policy: 'single', system }));
  const policies = (own.policy === 'single' ? [own, singles[1 - own.system]!] : [own, ...singles]).map(
    (rule): AssignedPolicy => ({ choice: policyChoice(rule), to: assign(problem.table, rule, form) }),
  );
  const operation = {
    ...asked,
    arrivalRate: asked.arrivalRate ?? easyRate(problem.table, policies[0]!, asked, inputs),
  };
  const idle = settings.idle ?? 'gross';
  return {
    operation,
    idle,
    policies: simulateRules(problem.table, policies, operation, idle, watch),
  };
}

/**
 * Half of what a policy carries, to three digits: queries wait then, but not for long.
 * @throws LabError "bad-setting" when a system that it needs has no devices
 */
function easyRate(
  table: CostTable,
  { to }: AssignedPolicy,
  operation: AskedOperation,
  inputs: StudyInputs,
): number {
  const loads = loadsOf(table, to, { ...operation, arrivalRate: 1 });
  const lacking = loads.findIndex(({ queries, devices }) => queries > 0 && devices === 0);
  if (lacking >= 0) {
    throw new LabError(
      'bad-setting',
      `The policy sends queries to the ${inputs[lacking === 0 ? 'small' : 'large'].system.label}, of which there is no ` +
        'device, so it carries none.',
      'Say at least one device, or settle on a policy that does without.',
    );
  }
  return Number((mostArrivalRate(loads, 1) / 2).toPrecision(3));
}

/** A policy with the system of each pair. */
export interface AssignedPolicy {
  readonly choice: PolicyChoice;
  readonly to: Uint8Array;
}

/** Carries assignments of one table out, all under the same arrivals. */
export function simulateRules(
  table: CostTable,
  policies: readonly AssignedPolicy[],
  operation: Operation,
  idle: 'gross' | 'above-idle',
  { progress }: SimulationWatch = {},
): SimulatedPolicy[] {
  const running = runningQueries(table.pairs);
  const loads = policies.map(({ to }) => loadsOf(table, to, operation));
  const steady = loads.map((sides) =>
    sides.every(({ queries, devices, busy }) => queries === 0 || busy < devices),
  );
  const times = policies.map(() => ({ waits: [] as Float64Array[], responses: [] as Float64Array[] }));
  const random = new RandomStream();
  for (let repeat = 0; repeat < operation.repeats; repeat++) {
    random.begin(operation.seed, repeat);
    const arrivals = drawArrivals(running, operation.arrivalRate, operation.queries, random);
    policies.forEach(({ to }, i) => {
      if (!steady[i]) return;
      const { waits, responses } = settled(table, arrivals, to, loads[i]!);
      times[i]!.waits.push(waits);
      times[i]!.responses.push(responses);
    });
    progress?.((repeat + 1) / operation.repeats);
  }
  return policies.map(({ choice }, i): SimulatedPolicy => {
    const sides = loads[i]!;
    const most = mostArrivalRate(sides, operation.arrivalRate);
    const [small, large] = [sides[0]!, sides[1]!];
    return {
      ...choice,
      small: systemLoad(small),
      large: systemLoad(large),
      mostArrivalRate: most === Infinity ? null : most,
      waitS: steady[i] ? delayOf(times[i]!.waits) : null,
      responseS: steady[i] ? delayOf(times[i]!.responses) : null,
      year: steady[i] ? yearOf(operation, { small, large }, idle) : null,
    };
  });
}

/** Waiting and response times of the queries after the first tenth, which fills the queues. */
function settled(
  { systems }: CostTable,
  arrivals: Arrivals,
  to: Uint8Array,
  loads: readonly Load[],
): { readonly waits: Float64Array; readonly responses: Float64Array } {
  const runtimes = systems.map(({ runtimeS }) => runtimeS);
  const all = waitingTimes(
    arrivals,
    to,
    runtimes,
    loads.map(({ devices }) => devices),
  );
  const waits = all.subarray(Math.floor(all.length / 10));
  const first = all.length - waits.length;
  const responses = waits.map((wait, i) => {
    const pair = arrivals.pair[first + i]!;
    return wait + runtimes[to[pair]!]![pair]!;
  });
  return { waits, responses };
}

/** @param stretches times of each simulated stretch, s */
function delayOf(stretches: readonly Float64Array[]): Delay {
  const means = stretches.map((times) => times.reduce((a, b) => a + b, 0) / times.length);
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  const variance = means.reduce((a, each) => a + (each - mean) ** 2, 0) / (means.length - 1);
  const half = studentT(0.05, means.length - 1) * Math.sqrt(variance / means.length);
  const all = new Float64Array(stretches.reduce((a, { length }) => a + length, 0));
  let at = 0;
  for (const times of stretches) {
    all.set(times, at);
    at += times.length;
  }
  all.sort();
  const within = (share: number): number => all[Math.min(all.length - 1, Math.ceil(share * all.length) - 1)]!;
  return {
    mean,
    interval95: [Math.max(0, mean - half), mean + half],
    median: within(0.5),
    p95: within(0.95),
    p99: within(0.99),
  };
}
