import { RAILS, type Profile } from '../profile.ts';
import { divideBatches, type Batches } from './batches.ts';
import { buildProfile } from './buildProfile.ts';
import { cellsOf } from './cells.ts';
import {
  leftOutFindings,
  oddFindings,
  originFindings,
  railFindings,
  tokenFindings,
  trialFindings,
} from './checks.ts';
import type { Diagnosis } from './diagnosis.ts';
import { fact } from './facts.ts';
import { acceptedProfile, finishDiagnosis, type DoctorContext } from './finish.ts';
import { hardwareOf, oneName } from './hardware.ts';
import { handleIdle, type Idle } from './idle.ts';
import { gpuFindings, nameFindings, nothingFindings } from './missing.ts';
import type { ImportFinding, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';
import { powerFindings, timeFindings } from './power.ts';
import { DroppedRows, railsIn } from './query.ts';
import { selectQueries, type Selection } from './select.ts';
import { diagnoseProfile } from './wholeProfile.ts';

export type { DoctorContext } from './finish.ts';

/**
 * Judges what was read: which rows count, which cells result, what is suspicious, and what the profile would be.
 * Nothing is read or written, so that a correction shows its effect at once.
 */
export function diagnose(
  readings: readonly Reading[],
  options: ImportOptions,
  context: DoctorContext,
): Diagnosis {
  const whole = readings.length === 1 ? readings[0]!.profile : undefined;
  return whole === undefined
    ? diagnoseRows(readings, options, context)
    : diagnoseProfile(readings[0]!, whole, options, context);
}

function diagnoseRows(
  readings: readonly Reading[],
  options: ImportOptions,
  context: DoctorContext,
): Diagnosis {
  const dropped = new DroppedRows();
  for (const reading of readings) for (const { count, reason } of reading.dropped) dropped.add(reason, count);
  const selection = selectQueries(readings, options, dropped);
  const rails = selection.queries[0] === undefined ? [] : railsIn(selection.queries[0].energyJ);
  const system =
    options.system ??
    options.onlySystem ??
    oneName(selection.systems, selection.queries, 'system') ??
    fact(readings, 'device');
  const model = options.model ?? options.onlyModel ?? oneName(selection.models, selection.queries, 'model');
  const hardware = hardwareOf(readings, options, context, system, rails, selection.queries);
  // Idle energy is the whole machine's, so it is looked at before a batch is divided.
  const idle = handleIdle(selection.queries, rails, options, dropped);
  const batches = divideBatches(idle.queries, options, hardware);
  const aboveIdle = RAILS.filter((rail) => idle.mode === 'gross' && idle.idleW[rail] !== undefined);
  const { cells, valuesLeftOut } = cellsOf(batches.queries, rails, aboveIdle);

  const findings: ImportFinding[] = [
    ...(context.findings ?? []),
    ...readings.flatMap((reading) => reading.findings),
    ...selection.findings,
    ...nothingFindings(readings, selection, rails, dropped),
    ...batches.findings,
    ...idle.findings,
    ...powerFindings(selection.queries, rails, hardware, readings),
    ...timeFindings(selection.queries),
    ...tokenFindings(selection.queries),
    ...originFindings(readings, fromPower(readings)),
    ...trialFindings(cells),
    ...leftOutFindings(valuesLeftOut),
    ...nameFindings(system, model),
    ...gpuFindings(selection.queries, options),
  ];
  let profile: Profile | undefined;
  if (cells.length > 0) {
    const built = buildProfile(
      { system: system ?? 'unnamed system', model: model ?? 'unnamed model' },
      {
        readings,
        options,
        selection,
        batches,
        idle,
        cells,
        valuesLeftOut,
        rails,
        device: hardware.device,
        gpus: hardware.gpus,
        dropped: dropped.list,
        stored: context.stored,
      },
    );
    findings.push(...built.findings);
    profile = acceptedProfile(built.profile, findings);
  }
  if (profile !== undefined) {
    findings.push(...railFindings(profile, context.stored), ...oddFindings(profile));
  }
  return finishDiagnosis(readings, context, {
    options: usedOptions(options, readings, { system, model, selection, batches, idle, profile }),
    system,
    model,
    systems: selection.systems,
    models: selection.models,
    rails,
    cells: profile?.design === 'sweeps' ? cells : (profile?.cells ?? cells),
    dropped: dropped.list,
    findings,
    profile,
  });
}

/** Whether energies are computed from mean powers. */
function fromPower(readings: readonly Reading[]): boolean {
  return readings.some(({ columns }) => {
    const roles = columns.map(({ role }) => role);
    return roles.includes('power') && !roles.includes('energy');
  });
}

/** The options with everything that was found out in their place. */
function usedOptions(
  options: ImportOptions,
  readings: readonly Reading[],
  used: {
    readonly system: string | undefined;
    readonly model: string | undefined;
    readonly selection: Selection;
    readonly batches: Batches;
    readonly idle: Idle;
    readonly profile: Profile | undefined;
  },
): ImportOptions {
  const { selection, batches, idle, profile, system, model } = used;
  const format = options.format ?? (readings.length === 1 ? readings[0]!.format.id : undefined);
  return {
    ...(format === undefined ? {} : { format }),
    ...(system === undefined ? {} : { system: system.slice(0, 200) }),
    ...(model === undefined ? {} : { model: model.slice(0, 200) }),
    ...(selection.phase === undefined ? {} : { phase: selection.phase }),
    ...(profile === undefined
      ? {}
      : {
          place: profile.system.place,
          hardware: profile.system.hardware.slice(0, 200),
          engine: profile.conditions.engine.slice(0, 200),
          precision: profile.conditions.precision.slice(0, 200),
          kvCache: profile.conditions.kvCache,
          gpus: profile.conditions.gpus,
          boundary: profile.boundary,
          design: profile.design,
          id: profile.id,
          name: profile.name.slice(0, 200),
        }),
    idle: idle.mode,
    batch: batches.mode,
    warmUp: selection.warmUp,
    ...options,
  };
}
