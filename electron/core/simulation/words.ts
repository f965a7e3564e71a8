import { thresholdPhrase, type PolicyChoice } from '../analysis/policyChoice.ts';
import { formatNumber, formatPercent, readoutText, timeReadout } from '../format.ts';
import type { StudySettings } from '../study.ts';
import type { Verdict } from '../verdict.ts';
import type { SimulatedPolicy, Simulation } from './simulate.ts';

/** Names of both systems, for sentences. */
export type Labels = Readonly<Record<'small' | 'large', string>>;

const time = (s: number): string => readoutText(timeReadout(s));

/** A policy in the words of a sentence: "at most 32 input tokens to the M1 Pro". */
export function policyWords(choice: PolicyChoice, labels: Labels): string {
  return choice.policy === 'small' || choice.policy === 'large'
    ? `everything to the ${labels[choice.policy]}`
    : `${thresholdPhrase(choice)} to the ${labels.small}`;
}

/** What keeps a policy from being carried out, a sentence; undefined when nothing does. */
export function overloadText(policy: SimulatedPolicy, labels: Labels): string | undefined {
  const short = (['small', 'large'] as const).filter((side) => {
    const { queries, busy, devices } = policy[side];
    return queries > 0 && busy >= devices;
  });
  if (short.length === 0) return undefined;
  const needs = short.map(
    (side) =>
      `at least ${policy[side].devicesNeeded} of the ${labels[side]} (${formatNumber(policy[side].busy)} would be busy ` +
      `all the time, there ${policy[side].devices === 1 ? 'is' : 'are'} ${policy[side].devices})`,
  );
  return `Its queue grows without end: it takes ${needs.join(' and ')}.`;
}

/** Why the policy that a simulation tells of first is that one. */
export type Carried = 'chosen' | 'verdict' | 'best-threshold';

/** @returns "best-threshold" where the study finds no useful one, and its best is carried out all the same */
export function carriedOf(settings: Pick<StudySettings, 'chosen'>, { kind }: Pick<Verdict, 'kind'>): Carried {
  if (settings.chosen !== undefined) return 'chosen';
  return kind === 'threshold' ? 'verdict' : 'best-threshold';
}

/** What is carried out, and why, in a sentence or two. */
export function carriedText(
  { policies }: Simulation,
  labels: Labels,
  carried: Carried,
  { bestSingle }: Pick<Verdict, 'bestSingle'>,
): string {
  const own = policyWords(policies[0]!, labels);
  if (carried === 'chosen') return `What is carried out is the policy that you settled on: ${own}.`;
  if (carried === 'verdict') return `What is carried out is the policy of the verdict: ${own}.`;
  return (
    `The verdict is that no threshold is useful: it sends everything to the ${labels[bestSingle]}, which stands beside. ` +
    `What is carried out first is the best threshold all the same, to show what it would ask of the devices: ${own}.`
  );
}

/** The simulation in a sentence or two: how long the queries take, and when it would no longer hold. */
export function simulationSentence({ policies, operation }: Simulation, labels: Labels): string {
  const [own] = policies;
  const rate = formatNumber(operation.arrivalRate);
  const overload = overloadText(own!, labels);
  if (overload !== undefined) {
    return `At ${rate} queries per second the policy cannot be carried out. ${overload}`;
  }
  const { responseS, waitS, mostArrivalRate } = own!;
  const busiest = (['small', 'large'] as const).reduce((a, b) =>
    (own![b].utilisation ?? 0) > (own![a].utilisation ?? 0) ? b : a,
  );
  return (
    `At ${rate} queries per second a query waits ${time(waitS!.mean)} in the mean and 95 of 100 are done within ` +
    `${time(responseS!.p95)}; the ${labels[busiest]} is busy ${formatPercent(own![busiest].utilisation!)} of its time.` +
    (mostArrivalRate === null
      ? ''
      : ` From ${formatNumber(mostArrivalRate)} queries per second on a queue would grow without end.`)
  );
}

/** What the figures rest on and leave out, sentences. */
export function simulationNotes({ operation, idle, policies }: Simulation, labels: Labels): string[] {
  const sides = (['small', 'large'] as const).filter((side) =>
    policies.some((each) => each[side].queries > 0),
  );
  const missing = (part: 'idleW' | 'carbonGPerKwh' | 'pricePerKwh' | 'pricePerDeviceHour'): string =>
    sides
      .filter((side) => operation[side][part] === undefined)
      .map((side) => labels[side])
      .join(' and the ');
  const notes = [
    'Queries come at random (a Poisson process) in the proportions of the workload; each keeps one device busy for its ' +
      'modelled runtime, first come, first served, without batching. A system that gets no query is not kept.',
    idle === 'gross'
      ? 'The energies are gross, so only the time of a device without a query adds idle energy.'
      : 'The energies are above idle, so a device adds its idle power all the time.',
  ];
  const idleLess = missing('idleW');
  if (idleLess !== '') {
    notes.push(
      `Idle energy is left out: no idle power of the ${idleLess} is stated. With it a policy that keeps more devices ` +
        'can cost more than it saves.',
    );
  }
  return notes;
}
