import { z } from 'zod';
import { crossCheckSchema } from './crossCheck.ts';
import { engineInfoSchema } from './engine.ts';
import { meterInfoSchema, type RailEnergy } from './meter.ts';
import { RAILS } from './profile.ts';
import { runRequestSchema } from './runRequest.ts';
import { planSchema } from './sweep.ts';

/** The state of a run. `interrupted` is what a run is found in after its program died; it can be resumed. */
export const RUN_STATES = ['running', 'paused', 'interrupted', 'done', 'cancelled', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What the computer was like. Whatever could not be found out is absent. */
export const environmentSchema = z.strictObject({
  chip: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  os: z.string(),
  arch: z.string(),
  crossover: z.string(),
  node: z.string(),
  powerSource: z.enum(['ac', 'battery']).optional(),
  lowPowerMode: z.boolean().optional(),
  thermal: z.string().optional(),
  /** NVIDIA's GPUs, as their driver names them, where there are any */
  gpus: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        memoryBytes: z.number().positive().optional(),
        driver: z.string().optional(),
      }),
    )
    .min(1)
    .optional(),
});
export type Environment = z.output<typeof environmentSchema>;

/** The truth meter: what a meter is worth, measured before a run. */
export const meterTruthSchema = z.strictObject({
  /** median and 95th percentile of the samples' lengths, s */
  cadenceS: z.number().positive(),
  cadenceP95S: z.number().positive(),
  /** share of the time that samples covered */
  coverage: z.number().min(0).max(1),
  /** least step of the energy, J, where one shows */
  quantumJ: z.number().nonnegative().optional(),
  /** standard deviation of the idle power, W */
  idleSdW: z.number().nonnegative(),
  /**
   * CPU time of the meter's processes and of turning their output into samples, over the idle baseline, as a fraction
   * of one core; absent where it cannot be read. Storing the samples is not in it.
   */
  overhead: z.number().nonnegative().optional(),
  /** uncertainty of the energy of one window from its edges, J */
  plusMinusJ: z.number().nonnegative(),
  /** windows shorter than this are repeated until they are long enough, s */
  shortestWindowS: z.number().nonnegative(),
});
export type MeterTruth = z.output<typeof meterTruthSchema>;

/** A sweep carried out: its plan, on what, with what. Times are ISO 8601, or s on the run's monotonic clock. */
export const runSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  note: z.string(),
  state: z.enum(RUN_STATES),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** what was asked for, to go on with; absent in a run that came from elsewhere */
  request: runRequestSchema.optional(),
  plan: planSchema,
  engine: engineInfoSchema,
  meter: meterInfoSchema,
  truth: meterTruthSchema.optional(),
  environment: environmentSchema,
});
export type Run = z.output<typeof runSchema>;

/** Something that happened in a run, beside its trials. */
export const runEventSchema = z.strictObject({
  atS: z.number(),
  kind: z.enum([
    'start',
    'resume',
    'pause',
    'idle',
    'warning',
    'cool-down',
    'cell-done',
    'end',
    'failure',
    'sleep',
    'cross-check',
  ]),
  message: z.string(),
  /** mean idle power by rail, W, for kind "idle" */
  idleW: z.partialRecord(z.enum(RAILS), z.number()).optional(),
  /** two meters compared, for kind "cross-check" */
  crossCheck: crossCheckSchema.optional(),
});
export type RunEvent = z.output<typeof runEventSchema>;

/** The idle baselines among events: mean power by rail, W. */
export function idlePowers(events: readonly RunEvent[]): RailEnergy[] {
  return events.flatMap(({ idleW }) => (idleW === undefined ? [] : [idleW]));
}
