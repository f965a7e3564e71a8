import { z } from 'zod';
import type { Uncertainty } from './uncertainty.ts';
import { POLICIES } from '../policy.ts';

const number = z.number();

/** A policy with its thresholds, as results hold it. */
export const choice = {
  policy: z.enum(POLICIES),
  threshold: number.nullable(),
  outputThreshold: z.exactOptional(number),
  product: z.exactOptional(number),
};

export const assumptionSchema = z.object({
  kind: z.enum([
    'boundary',
    'energy-model',
    'cost',
    'extrapolated',
    'interval',
    'conditions',
    'mismatch',
    'estimate',
    'doubt',
    'modelled',
    'device-comparison',
    'unknown-output',
    'stated',
    'negative',
    'capacity',
  ]),
  level: z.enum(['note', 'warning']),
  short: z.string(),
  message: z.string(),
});

export const interval95Schema = z.tuple([number, number]);

const savingIntervals = z.object({
  vsBestSingle: interval95Schema,
  vsLarge: interval95Schema,
  vsSmall: interval95Schema,
});

/** How sure a study is, as the store wrote it. */
export const uncertaintySchema = z.object({
  seed: number,
  replicates: number,
  intervals: z.array(
    z.object({
      ...choice,
      axis: z.enum(['input', 'output', 'joint']),
      energyJ: interval95Schema,
      runtimeS: interval95Schema,
      cost: interval95Schema,
      saving: savingIntervals,
      savingEnergy: savingIntervals,
      savingRuntime: savingIntervals,
      regret: z.exactOptional(interval95Schema),
      best: z.exactOptional(
        z.object({
          threshold: interval95Schema,
          outputThreshold: z.exactOptional(interval95Schema),
          product: z.exactOptional(interval95Schema),
        }),
      ),
    }),
  ),
  hybrid: z.object(choice),
  saving95: interval95Schema,
  probabilityHybridWins: number,
  capacity: z.exactOptional(
    z.object({
      replicates: number,
      infeasible: number,
      queries: z.exactOptional(z.array(interval95Schema)),
    }),
  ),
  measureNext: z.array(
    z.object({
      system: number,
      profile: z.string(),
      m: number,
      n: number,
      trials: number,
      share: number,
      effect: number,
      relativeError: number,
      basis: z.enum(['own', 'pooled', 'scatter', 'assumed']),
    }),
  ),
  workloadShare: number,
  assumptions: z.array(assumptionSchema),
}) satisfies z.ZodType<Uncertainty>;
