import type { Uncertainty } from './analysis/uncertainty.ts';
import { formatPercent } from './format.ts';
import { differencesBetween } from './likeForLike.ts';
import { axisCells, railNames, type Axis, type Boundary, type Profile, type Rail } from './profile.ts';
import type { StudyInputs, StudySettings } from './study.ts';

/** Something that a result rests on, to be shown where the result stands. */
export interface Assumption {
  readonly kind:
    | 'boundary'
    | 'energy-model'
    | 'cost'
    | 'extrapolated'
    | 'interval'
    | 'conditions'
    | 'mismatch'
    | 'estimate'
    | 'doubt'
    | 'modelled'
    | 'device-comparison'
    | 'unknown-output'
    | 'stated'
    | 'negative'
    | 'capacity';
  readonly level: 'note' | 'warning';
  /** two to five words, for a chip */
  readonly short: string;
  /** a sentence */
  readonly message: string;
}

/** What two profiles differ in, beside their systems; each phrase names both sides. */
export function mismatches(small: Profile, large: Profile): string[] {
  const say = (what: string, a: string, b: string): string =>
    `${what}: ${a} on the ${small.system.label}, ${b} on the ${large.system.label}`;
  const found = differencesBetween(small, large).map(({ what, own, other }) => say(what, own, other));
  if (small.design !== large.design) found.push(say('cells', small.design, large.design));
  return found;
}

/** What every study rests on, whatever its energy model. */
export function commonAssumptions(
  settings: StudySettings,
  inputs: StudyInputs,
  uncertainty?: Uncertainty,
): Assumption[] {
  const { small, large, workload } = inputs;
  const found: Assumption[] = mismatches(small, large).map((difference) => ({
    kind: 'mismatch',
    level: 'warning',
    short: `different ${difference.split(':')[0]}`,
    message: `Not like for like: ${difference}.`,
  }));
  const add = (kind: Assumption['kind'], level: Assumption['level'], short: string, message: string): void =>
    void found.push({ kind, level, short, message });
  for (const profile of [small, large]) {
    if (profile.estimate) {
      add(
        'estimate',
        'warning',
        'an estimate',
        `The energy of ${profile.name} is an estimate, not a measurement.`,
      );
    }
  }
  if (workload.modelled) {
    add('modelled', 'warning', 'modelled workload', `${workload.name} is modelled. ${workload.note}`);
  }
  if (!small.conditions.kvCache && !large.conditions.kvCache) {
    add(
      'conditions',
      'warning',
      'KV cache off in both',
      `Both profiles were measured without a KV cache${
        small.conditions.batch === 1 && large.conditions.batch === 1 ? ' and with single queries' : ''
      }. Modern servers cost an order of magnitude less; measure your own before deciding on hardware.`,
    );
  }
  add(
    'cost',
    'note',
    settings.cost === 'raw' ? 'raw cost' : 'normalised cost',
    settings.cost === 'raw'
      ? 'The cost U = λE + (1−λ)R mixes joules and seconds as they are.'
      : 'In the cost U = λE + (1−λ)R, energy and runtime are divided by their largest value of a query first.',
  );
  if (uncertainty === undefined) {
    add(
      'interval',
      'note',
      'no interval',
      'The figures are point estimates: no interval is computed with them.',
    );
  } else {
    found.push(...uncertainty.assumptions);
  }
  if (small.system.place === 'mac' || large.system.place === 'mac') {
    add(
      'device-comparison',
      'note',
      "Apple's caution",
      'Apple calls its power figures estimates that are not meant for comparing devices; this comparison does just that.',
    );
  }
  return found;
}

/** The order in which assumptions are told, after their level. */
const TOLD: readonly Assumption['kind'][] = [
  'mismatch',
  'stated',
  'boundary',
  'doubt',
  'negative',
  'estimate',
  'modelled',
  'extrapolated',
  'conditions',
  'capacity',
  'energy-model',
  'cost',
  'interval',
  'unknown-output',
  'device-comparison',
];

/** The warnings first, each level in the order in which assumptions are told. */
export function sortAssumptions(all: Assumption[]): Assumption[] {
  return all.sort(
    (a, b) =>
      Number(b.level === 'warning') - Number(a.level === 'warning') ||
      TOLD.indexOf(a.kind) - TOLD.indexOf(b.kind),
  );
}

/** Everything that the result of a study under the paper's model rests on, the warnings first. */
export function studyAssumptions(study: {
  settings: StudySettings;
  inputs: StudyInputs;
  boundary: Boundary;
  rails: readonly Rail[];
  axis: Axis;
  extrapolated: { queries: number; energy: number };
  /** what is told of cells that are far off */
  odd?: readonly Assumption[];
  uncertainty?: Uncertainty | undefined;
}): Assumption[] {
  const { settings, inputs, boundary, rails, axis, extrapolated, odd = [], uncertainty } = study;
  const { small, large } = inputs;
  const found = [...commonAssumptions(settings, inputs, uncertainty), ...odd];
  const add = (kind: Assumption['kind'], level: Assumption['level'], short: string, message: string): void =>
    void found.push({ kind, level, short, message });

  for (const [profile, other] of [
    [small, large],
    [large, small],
  ] as const) {
    const left = profile.rails.filter((rail) => !rails.includes(rail));
    if (left.length > 0) {
      add(
        'boundary',
        'warning',
        `${railNames(left, ' + ')} left out`,
        `The ${railNames(left)} energy of ${profile.name} is left out, because ${
          left.some((rail) => other.rails.includes(rail))
            ? `the comparison counts ${railNames(rails)} on both sides`
            : 'the other side has none'
        }.`,
      );
    }
    const doubted = axisCells(profile, axis).filter((cell) => cell.doubt !== undefined);
    if (doubted.length > 0) {
      add(
        'doubt',
        'warning',
        `${doubted.length} cell${doubted.length > 1 ? 's' : ''} in doubt`,
        `${profile.name}: ${doubted.map((cell) => `(${cell.m}, ${cell.n}): ${cell.doubt}`).join(' ')}`,
      );
    }
  }
  if (extrapolated.queries > 0) {
    add(
      'extrapolated',
      extrapolated.energy > 0.05 ? 'warning' : 'note',
      `${formatPercent(extrapolated.energy)} extrapolated`,
      `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the ` +
        'energy, lie beyond the measured range; the nearest measured cell stands for them.',
    );
  }
  add(
    'boundary',
    'note',
    `${boundaryName(boundary)}, gross`,
    `Energy counts ${railNames(rails)}, gross of idle. ${
      rails.includes('wall') ? 'Cooling is not in it.' : 'Neither wall power nor cooling is in it.'
    }`,
  );
  add(
    'energy-model',
    'note',
    "paper's model",
    `The paper's model multiplies the energy per token (input and output together) by the ${axis} tokens alone. ` +
      'Its savings can be compared; its kWh are not those of the workload.',
  );
  if (axis === 'output') {
    add(
      'unknown-output',
      'note',
      'needs n in advance',
      'An output threshold needs the number of output tokens before the query runs; predicting it loses some of the saving.',
    );
  }
  return sortAssumptions(found);
}

/** A boundary in words. */
export function boundaryName(boundary: Boundary): string {
  return {
    gpu: 'GPU alone',
    'gpu+cpu': 'GPU + CPU',
    soc: 'whole SoC',
    machine: 'whole machine',
    wall: 'wall power',
  }[boundary];
}
