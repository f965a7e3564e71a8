import { z } from 'zod';
import { JOINT_MODELS } from './analysis/model.ts';
import {
  assumptionSchema,
  choice,
  interval95Schema,
  uncertaintySchema,
} from './analysis/uncertaintySchema.ts';
import { BOUNDARIES, RAILS } from './profile.ts';
import type { StudyResult } from './study.ts';
import { joules, seconds } from './units.ts';

const number = z.number();
const energyJ = number.transform(joules);
const runtimeS = number.transform(seconds);
const axis = z.enum(['input', 'output']);
const heldOut = z.object({ mean: number, median: number, largest: number, cells: number }).nullable();
const fit = z.object({
  coefficients: z.exactOptional(z.array(number)),
  r2: z.exactOptional(number),
  heldOut,
});
const ends = z.tuple([number, number]);
const cell = z.object({ m: number, n: number });
const model = z.object({
  model: z.enum(JOINT_MODELS),
  energy: fit,
  runtime: fit,
  range: z.object({ m: ends, n: ends }),
  filled: z.array(cell),
  leftOut: z.array(cell),
});
const load = z.object({
  devices: number,
  queries: number,
  utilisation: number.nullable(),
  alone: number,
  shadowPrice: number,
  oneMoreSaves: number,
});
const about = z.enum(['hybrid', 'small', 'large']);

const savings = z.object({ vsBestSingle: number, vsLarge: number, vsSmall: number });
const totals = z.object({ energyJ, runtimeS, cost: number });

/** The outcome of a study as the store wrote it, to be checked when it is read. */
export const studyResultSchema = z.object({
  boundary: z.enum(BOUNDARIES),
  rails: z.array(z.enum(RAILS)),
  policies: z.array(
    totals.extend({
      ...choice,
      axis: z.enum(['input', 'output', 'joint']),
      saving: savings,
      savingEnergy: savings,
      savingRuntime: savings,
      regret: z.exactOptional(number.nullable()),
      chosen: z.exactOptional(z.literal(true)),
      interval95: z.exactOptional(interval95Schema),
      regretInterval95: z.exactOptional(interval95Schema),
    }),
  ),
  axis,
  sweep: z.array(totals.extend({ threshold: number })),
  verdict: z.object({
    kind: z.enum(['threshold', 'no-useful-threshold']),
    ...choice,
    text: z.string(),
    parts: z.array(z.object({ text: z.string(), about: z.exactOptional(about) })),
    saving: number,
    interval95: z.exactOptional(interval95Schema),
    bestSingle: z.enum(['small', 'large']),
    condition: z.string(),
    change: z.string(),
  }),
  extrapolated: z.object({ queries: number, energy: number }),
  assumptions: z.array(assumptionSchema),
  // From the second version of the analysis on.
  negative: z.exactOptional(z.object({ queries: number, energyJ: number })),
  flips: z.exactOptional(z.array(z.object({ lambda: number, from: z.object(choice), to: z.object(choice) }))),
  pareto: z.exactOptional(
    z.array(z.object({ ...choice, energyJ: number, runtimeS: number, convex: z.boolean() })),
  ),
  paretoFound: z.exactOptional(number),
  capacity: z.exactOptional(z.object({ arrivalRate: number, small: load, large: load, text: z.string() })),
  models: z.exactOptional(z.object({ small: model, large: model })),
  unknownOutput: z.exactOptional(
    z.object({
      prediction: z.array(z.object({ sigma: number, loss: number, adapted: number })),
      expectedOutput: number,
      bestByInput: number,
    }),
  ),
  // From the third version on.
  uncertainty: z.exactOptional(uncertaintySchema),
}) satisfies z.ZodType<StudyResult>;
