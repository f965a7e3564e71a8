import { formatPercent } from './format.ts';
import { gpuNames } from './likeRuns.ts';
import { totalOf, type RailEnergy } from './meter.ts';
import { REPLAYED } from './meterNotes.ts';
import { RAILS, railNames, type Cell, type Profile, type Rail } from './profile.ts';
import type { Environment, Run } from './run.ts';
import { shardName } from './shards.ts';
import { meanAndSd } from './statistics.ts';
import type { PlanCell } from './sweep.ts';
import { trialFate, type Trial } from './trial.ts';
import { keepTrialValues, leftOutNote, type TrialValue } from './trialValues.ts';

/** Names of the precisions as the bundled profiles write them, so that like is found to be like. */
export const PRECISIONS: Readonly<Record<string, string>> = { F16: 'fp16', F32: 'fp32', BF16: 'bf16' };

const DESIGN_NAMES = { sweeps: 'two sweeps', grid: 'full grid', cells: 'own cells' } as const;

/**
 * The profile of a run so far: for each cell of its plan the means and sample standard deviations over its valid
 * trials and these trials' own values, energy per query, gross and above idle. Cells without a valid trial are left out; so are rails that not
 * every valid trial has, because a mean over other trials would be of something else.
 * @param trials all trials of the run
 * @param baselines mean power by rail of each idle baseline of the run, W
 * @returns undefined while no cell has a valid trial with an energy
 */
export function profileFromRun(
  run: Run,
  trials: readonly Trial[],
  baselines: readonly RailEnergy[] = [],
): Profile | undefined {
  const { plan, engine, meter, environment } = run;
  const planned = new Set(plan.cells.map(({ m, n }) => `${m} ${n}`));
  const valid = trials.filter(
    (trial) => trialFate(trial) === 'valid' && planned.has(`${trial.m} ${trial.n}`),
  );
  const rails = sharedRails(valid.map(({ energyJ }) => energyJ));
  const aboveIdle = sharedRails(valid.map(({ aboveIdleJ }) => aboveIdleJ ?? {}));
  const design = plan.design === 'sweeps' && plan.cells.some(({ sweep }) => !sweep) ? 'cells' : plan.design;
  const asked = distinct(plan.cells, design === 'sweeps');
  const { cells, leftOut } = keepTrialValues(
    asked.flatMap((cell) => profileCell(cell, { rails, aboveIdle }, valid) ?? []),
  );
  if (cells.length === 0) return undefined;
  const system = systemOf(environment, rails);
  return {
    format: 'crossover-profile',
    version: 1,
    id: `${system.id}.${engine.model.id}.${slug(run.id.replace(/^run-/, '')) || 'run'}`,
    name:
      `${system.label} · ${engine.model.name} · ${DESIGN_NAMES[design]}, ${run.startedAt.slice(0, 10)}` +
      (meter.estimate ? ' · estimate' : '') +
      (meter.kind === 'replay' ? ' · replayed log' : ''),
    system,
    model: { id: engine.model.id, name: engine.model.name },
    design,
    estimate: meter.estimate,
    conditions: {
      engine: engine.name,
      precision: PRECISIONS[engine.model.quantisation] ?? engine.model.quantisation,
      kvCache: engine.kvCache,
      batch: engine.batch,
      gpus: gpusOf(engine.device, rails, environment),
    },
    rails,
    ...idleOf(run, baselines, rails),
    boundary: meter.boundary,
    boundaryNote:
      `Energy of ${railNames(rails)} by ${meter.name}, gross: what the computer draws when idle is part of it.` +
      (meter.estimate ? ' It is an estimate, computed from a stated power and not measured.' : ''),
    source: {
      title: 'Measured with Crossover',
      authors: 'this computer',
      note:
        `Run ${run.id} of ${run.startedAt}, seed ${plan.seed}, meter ${meter.name}, ` +
        `Crossover ${environment.crossover}, ${environment.os}.`,
    },
    notes: [
      ...notesOf(run, trials, valid, rails, asked.length - cells.length),
      ...(leftOut === 0 ? [] : [leftOutNote(leftOut)]),
    ],
    cells,
  };
}

/** The runs that a profile says it was made of. */
export function namedRuns({ source }: Pick<Profile, 'source'>): string[] {
  return [...new Set((source.note ?? '').match(/\brun-[A-Za-z0-9][A-Za-z0-9-]*/g) ?? [])];
}

/** Cells of a plan without those that occur twice; of two sweeps, the shared cell belongs to both. */
function distinct(cells: readonly PlanCell[], bySweep: boolean): PlanCell[] {
  const kept = cells.map(({ m, n, sweep }): PlanCell => (bySweep && sweep ? { m, n, sweep } : { m, n }));
  return [...new Map(kept.map((cell) => [`${cell.sweep ?? ''} ${cell.m} ${cell.n}`, cell])).values()];
}

/** The rails that all of some energies have. */
function sharedRails(energies: readonly RailEnergy[]): Rail[] {
  return RAILS.filter((rail) => energies.every((energy) => energy[rail] !== undefined));
}

/** Mean idle power of the rails that every baseline has; a stated power tells nothing about an idle computer. */
function idleOf(
  { meter }: Run,
  baselines: readonly RailEnergy[],
  rails: readonly Rail[],
): Pick<Profile, 'idleW'> {
  if (meter.estimate || baselines.length === 0) return {};
  const idleW: RailEnergy = {};
  for (const rail of sharedRails(baselines)) {
    const { mean } = meanAndSd(baselines.map((baseline) => baseline[rail]!));
    if (rails.includes(rail) && mean >= 0) idleW[rail] = mean;
  }
  return totalOf(idleW) === undefined ? {} : { idleW };
}

/** The means of a cell; undefined without a valid trial, and where the meter counted nothing. */
function profileCell(
  cell: PlanCell,
  { rails, aboveIdle }: { readonly rails: readonly Rail[]; readonly aboveIdle: readonly Rail[] },
  valid: readonly Trial[],
): Cell | undefined {
  const own = valid.filter(({ m, n }) => m === cell.m && n === cell.n);
  if (own.length === 0) return undefined;
  const energyJ: RailEnergy = {};
  for (const rail of rails) energyJ[rail] = meanAndSd(own.map((trial) => trial.energyJ[rail]!)).mean;
  const total = totalOf(energyJ);
  if (total === undefined || !Number.isFinite(total) || total <= 0) return undefined;
  const totals = own.map((trial) => rails.reduce((sum, rail) => sum + trial.energyJ[rail]!, 0));
  const { sd: sdEnergyJ } = meanAndSd(totals);
  const runtime = meanAndSd(own.map(({ runtimeS }) => runtimeS));
  const negative = rails.filter((rail) => energyJ[rail]! < 0);
  return {
    ...cell,
    trials: own.length,
    energyJ: { total, ...energyJ },
    ...(sdEnergyJ === undefined ? {} : { sdEnergyJ }),
    ...aboveIdleOf(own, rails, aboveIdle),
    runtimeS: runtime.mean,
    ...(runtime.sd === undefined ? {} : { sdRuntimeS: runtime.sd }),
    trialValues: own.map((trial) => valueOf(trial, rails, aboveIdle)),
    ...(negative.length === 0
      ? {}
      : { doubt: `The meter counted less than nothing for ${railNames(negative)}.` }),
  };
}

/** What a trial adds to a cell. */
function valueOf(trial: Trial, rails: readonly Rail[], aboveIdle: readonly Rail[]): TrialValue {
  const above = rails.filter((rail) => aboveIdle.includes(rail));
  return {
    energyJ: partOf(trial.energyJ, rails),
    ...(above.length === 0 ? {} : { aboveIdleJ: partOf(trial.aboveIdleJ!, above) }),
    runtimeS: trial.runtimeS,
  };
}

/** Some rails of an energy that has them. */
function partOf(energyJ: RailEnergy, rails: readonly Rail[]): RailEnergy {
  return Object.fromEntries(rails.map((rail) => [rail, energyJ[rail]!]));
}

/** Means above idle; their total only where every rail that is counted has one. */
function aboveIdleOf(
  own: readonly Trial[],
  rails: readonly Rail[],
  aboveIdle: readonly Rail[],
): Pick<Cell, 'aboveIdleJ' | 'sdAboveIdleJ'> {
  const known = rails.filter((rail) => aboveIdle.includes(rail));
  if (known.length === 0) return {};
  const aboveIdleJ: RailEnergy = {};
  for (const rail of known) aboveIdleJ[rail] = meanAndSd(own.map((trial) => trial.aboveIdleJ![rail]!)).mean;
  if (known.length < rails.length) return { aboveIdleJ };
  const totals = own.map((trial) => known.reduce((sum, rail) => sum + trial.aboveIdleJ![rail]!, 0));
  const { sd } = meanAndSd(totals);
  return {
    aboveIdleJ: { total: totalOf(aboveIdleJ)!, ...aboveIdleJ },
    ...(sd === undefined ? {} : { sdAboveIdleJ: sd }),
  };
}

function notesOf(
  { plan, engine, meter, truth, environment }: Run,
  trials: readonly Trial[],
  valid: readonly Trial[],
  rails: readonly Rail[],
  missing: number,
): string[] {
  const notes: string[] = [];
  if (meter.estimate) {
    notes.push('The energy is an estimate from a stated power: it follows the runtime and nothing else.');
  }
  if (meter.kind === 'replay') notes.push(REPLAYED);
  if (engine.model.synthetic) {
    notes.push(
      "The weights were made up in the model's shape: time and energy are those of the shape, not of text.",
    );
  }
  if (plan.shard !== undefined) {
    const { cells, sweep } = plan.shard;
    notes.push(
      `This is the shard ${shardName(plan.shard)} of the ${sweep} with ${cells.length} cells, and not all of it.`,
    );
  }
  const gpus = environment.gpus?.length ?? 0;
  if (rails.includes('gpu') && gpus > 1) {
    notes.push(
      `The energy is that of all ${gpus} GPUs of the computer, whether the engine used them or not.`,
    );
  }
  const left = RAILS.filter(
    (rail) => !rails.includes(rail) && valid.some(({ energyJ }) => energyJ[rail] !== undefined),
  );
  if (left.length > 0) {
    notes.push(`The ${railNames(left)} energy is left out, because not every valid trial has it.`);
  }
  const fates = trials.map(trialFate);
  const flagged = fates.filter((fate) => fate === 'flagged').length;
  const dropped = fates.filter((fate) => fate === 'dropped').length;
  if (flagged + dropped > 0) {
    notes.push(
      `Means over the valid trials; ${flagged} flagged (warm-ups among them) and ${dropped} with wrong counts are left out.`,
    );
  }
  if (missing > 0) {
    notes.push(
      missing === 1
        ? 'One cell of the plan has no valid trial with an energy and is left out.'
        : `${missing} cells of the plan have no valid trial with an energy and are left out.`,
    );
  }
  notes.push(...windowNotes(valid));
  if (truth !== undefined && !meter.estimate) {
    notes.push(
      `The energy of one window is uncertain by ${truth.plusMinusJ.toPrecision(3)} J from its edges.`,
    );
  }
  return notes;
}

/** What the valid trials cannot tell apart, or cannot prove. */
function windowNotes(valid: readonly Trial[]): string[] {
  const notes: string[] = [];
  const blurred = valid.filter(({ energyOf }) => energyOf === 'window');
  if (blurred.length > 0) {
    const share = Math.max(...blurred.map(({ pausesS = 0, startS, endS }) => pausesS / (endS - startS)));
    notes.push(
      `In ${blurred.length} of ${valid.length} valid trials the pauses between repeated queries are part of the energy, ` +
        `because the meter cannot tell them apart; they are ${formatPercent(share)} of a window at the most.`,
    );
  }
  if (valid.some(({ cacheTold }) => cacheTold === false)) {
    notes.push(
      'The server does not tell whether input tokens came from a cache; every prompt differed from those before from ' +
        'its first token on.',
    );
  }
  return notes;
}

/** The computer; where the energy is that of NVIDIA's GPUs, they are what is compared, and name it. */
function systemOf(environment: Environment, rails: readonly Rail[]): Profile['system'] {
  const { chip, cores, memoryBytes, os, gpus } = environment;
  const hardware = `${cores} CPU cores, ${Math.round(memoryBytes / 2 ** 30)} GB memory`;
  const gpu = rails.includes('gpu') ? gpus?.[0]?.name : undefined;
  if (gpu !== undefined) {
    return {
      id: slug(gpu) || 'gpu',
      name: gpu,
      label: gpu.replace(/^NVIDIA\s+/i, ''),
      place: 'gpu',
      hardware: `${gpuNames(environment)!}; ${chip.trim() === '' ? 'unknown processor' : chip.trim()}, ${hardware}`,
    };
  }
  const name = chip.trim() === '' ? 'Unknown computer' : chip.trim();
  const label = name
    .replace(/\((?:R|TM)\)/gi, '')
    .replace(/@.*$/, '')
    .replace(/\b(?:Apple|Intel|AMD|CPU|Processor|\d+-Core)\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    id: slug(name) || 'computer',
    name,
    label: label === '' ? name : label,
    place: /\bApple\b/.test(name) || os.startsWith('macOS') ? 'mac' : 'other',
    hardware,
  };
}

/** On how many GPUs the engine ran: as the driver and the engine say, and for a server as the meter saw. */
function gpusOf(device: string, rails: readonly Rail[], { gpus }: Environment): number {
  if (rails.includes('gpu') && gpus !== undefined) return gpus.length;
  if (/^cpu\b/i.test(device)) return 0;
  if (/metal|cuda|vulkan|rocm|gpu/i.test(device)) return 1;
  return rails.includes('gpu') ? 1 : 0;
}

/** A text as part of an id: lower-case letters, digits and dashes. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/\((?:r|tm)\)/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
