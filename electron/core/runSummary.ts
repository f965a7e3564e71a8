import { z } from 'zod';
import { engineInfoSchema } from './engine.ts';
import { METER_KINDS } from './meter.ts';
import { RUN_STATES, type Run } from './run.ts';
import { cellProgress, distinctCells } from './sweep.ts';
import { countTrials, type Trial } from './trial.ts';

/** A run as one line of a list: `runs list`. */
export const runSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  note: z.string(),
  state: z.enum(RUN_STATES),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  plan: z.string(),
  model: z.string(),
  quantisation: z.string(),
  engine: engineInfoSchema.shape.kind,
  meter: z.enum(METER_KINDS),
  meterName: z.string(),
  /** true when the energy is computed from a stated power, not read */
  estimate: z.boolean(),
  chip: z.string(),
  valid: z.number().int(),
  /** warm-ups among them */
  flagged: z.number().int(),
  warmUps: z.number().int(),
  dropped: z.number().int(),
  /** different cells measured well enough, of so many in the plan */
  cellsDone: z.number().int(),
  cells: z.number().int(),
  /** from the first to the last trial or event on the run's clock, s */
  durationS: z.number().nonnegative(),
});
export type RunSummary = z.output<typeof runSummarySchema>;

/**
 * A run as one line of a list.
 * @param trials all of its trials
 * @param durationS from the first to the last trial or event on the run's clock
 */
export function summariseRun(run: Run, trials: readonly Trial[], durationS: number): RunSummary {
  const { id, name, note, state, startedAt, endedAt, plan, engine, meter, environment } = run;
  const { valid, warmUps, flagged, dropped } = countTrials(trials);
  const cells = distinctCells(plan.cells);
  return {
    id,
    name,
    note,
    state,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    plan: plan.name,
    model: engine.model.name,
    quantisation: engine.model.quantisation,
    engine: engine.kind,
    meter: meter.kind,
    meterName: meter.name,
    estimate: meter.estimate,
    chip: environment.chip,
    valid,
    flagged: flagged + warmUps,
    warmUps,
    dropped,
    cellsDone: cells.filter((cell) => cellProgress(plan, cell, trials).done).length,
    cells: cells.length,
    durationS,
  };
}
