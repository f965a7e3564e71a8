import { z } from 'zod';
import { POLICIES } from '#core/policy';
import { BOUNDARIES, RAILS } from '#core/profile';
import type { StudyResult } from '#core/study';
import { joules, seconds } from '#core/units';

const number = z.number();
const energyJ = number.transform(joules);
const runtimeS = number.transform(seconds);
const axis = z.enum(['input', 'output']);
const threshold = number.nullable();
const about = z.enum(['hybrid', 'small', 'large']);

const savings = z.object({ vsBestSingle: number, vsLarge: number, vsSmall: number });
const totals = z.object({ energyJ, runtimeS, cost: number });

/** The outcome of a study as the store wrote it, to be checked when it is read. */
export const studyResultSchema = z.object({
  boundary: z.enum(BOUNDARIES),
  rails: z.array(z.enum(RAILS)),
  policies: z.array(
    totals.extend({
      policy: z.enum(POLICIES),
      axis,
      threshold,
      saving: savings,
      savingEnergy: savings,
      savingRuntime: savings,
    }),
  ),
  axis,
  sweep: z.array(totals.extend({ threshold: number })),
  verdict: z.object({
    kind: z.enum(['threshold', 'no-useful-threshold']),
    policy: z.enum(POLICIES),
    threshold,
    text: z.string(),
    parts: z.array(z.object({ text: z.string(), about: z.exactOptional(about) })),
    saving: number,
    bestSingle: z.enum(['small', 'large']),
    condition: z.string(),
    change: z.string(),
  }),
  extrapolated: z.object({ queries: number, energy: number }),
  assumptions: z.array(
    z.object({
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
      ]),
      level: z.enum(['note', 'warning']),
      short: z.string(),
      message: z.string(),
    }),
  ),
}) satisfies z.ZodType<StudyResult>;
