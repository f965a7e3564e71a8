import { z } from 'zod';
import { manySettingsSchema } from './analysis/manySettings.ts';
import { JOINT_MODELS } from './analysis/model.ts';
import { assumptionSchema, interval95Schema, uncertaintySchema } from './analysis/uncertaintySchema.ts';
import { COMPARISON_SCHEMA_ID } from './manyReport.ts';
import { BOUNDARIES, cellSchema, RAILS } from './profile.ts';
import { openSchema, reportSystemSchema, reportWorkloadSchema } from './reportSchema.ts';

const number = z.number();
const text = z.string();
const fraction = number.describe('a fraction, not percent');

const limits = {
  thresholds: z
    .exactOptional(z.array(number))
    .describe('tokens, ascending, one fewer than there are systems'),
  outputThresholds: z.exactOptional(z.array(number)),
  products: z.exactOptional(z.array(number)).describe('of input × output tokens'),
};
const policyName = z.enum([
  'single',
  'threshold-in',
  'threshold-out',
  'threshold-product',
  'threshold-both',
  'oracle',
  'capacity',
  'round-robin',
  'random',
]);
const choice = { policy: policyName, system: z.exactOptional(text).describe('of single: id'), ...limits };
const rule = z.object({ policy: policyName, system: z.exactOptional(number), ...limits });
const intervals = z.array(interval95Schema);

/** The JSON of a comparison's report as others may rely on it; see `reportDocumentSchema`. */
export const manyReportSchema = z.object({
  $schema: z.literal(COMPARISON_SCHEMA_ID),
  format: z.literal('crossover-comparison-report'),
  version: z.literal(1),
  title: text,
  question: text,
  verdict: z.object({ kind: z.enum(['threshold', 'no-useful-threshold']), text }),
  objective: text.describe('what is saved, in a word'),
  comparison: z.object({
    id: text,
    settings: manySettingsSchema,
    hashes: z.object({ profiles: z.array(text), workload: text }).describe('SHA-256 of the inputs'),
  }),
  boundary: z.object({ id: z.enum(BOUNDARIES), name: text }),
  rails: z.array(z.enum(RAILS)),
  energyModel: z.enum(JOINT_MODELS),
  systems: z
    .array(reportSystemSchema.omit({ role: true }))
    .describe('from the one for the shortest queries to the one for the longest'),
  workload: reportWorkloadSchema,
  policies: z.array(
    z.object({
      ...choice,
      energyJ: number.describe('energy of the whole workload, J'),
      runtimeS: number.describe('runtimes of all queries added up, s'),
      cost: number.describe('U = λE + (1−λ)R of the whole workload'),
      saving: fraction.describe('of the cost against the best single system'),
      regret: number.nullable().describe('cost above that of the per-query optimum, a fraction of it'),
      queries: z.exactOptional(z.array(fraction)).describe('share on each system'),
      intervals: z.exactOptional(
        z.object({
          energyJ: interval95Schema,
          runtimeS: interval95Schema,
          cost: interval95Schema,
          saving: interval95Schema,
          regret: interval95Schema,
          best: z.exactOptional(
            z.object({
              thresholds: intervals,
              outputThresholds: z.exactOptional(intervals),
              products: z.exactOptional(intervals),
            }),
          ),
        }),
      ),
    }),
  ),
  extrapolated: z.object({ queries: fraction, energy: fraction }),
  flips: z.array(z.object({ lambda: number, from: rule, to: rule })),
  capacity: z.exactOptional(
    z.object({
      arrivalRate: number.describe('queries per second'),
      systems: z.array(
        z.object({
          devices: number,
          queries: fraction,
          utilisation: number.nullable(),
          alone: number.describe('devices that would be busy if every query came here'),
          shadowPrice: number,
          oneMoreSaves: number,
        }),
      ),
    }),
  ),
  uncertainty: z.exactOptional(
    uncertaintySchema.omit({ intervals: true, hybrid: true }).extend({ hybrid: z.object(choice) }),
  ),
  cells: z.array(z.array(cellSchema)).describe('the measured cells of each system'),
  map: z
    .object({
      input: z.array(number).describe('input tokens of the rows'),
      output: z.array(number).describe('output tokens of the columns'),
      system: z.array(z.array(number)).describe('position of the cheapest system'),
      extrapolated: z.array(z.array(z.boolean())),
    })
    .describe('which system is the cheapest for a query of so many tokens'),
  assumptions: z.array(assumptionSchema),
  command: text.describe('the command line that repeats the comparison'),
  versions: z.object({ crossover: text, analysis: number }),
});

/** The JSON Schema of a comparison's report (draft-07), open to fields that later versions add. */
export function manyReportJsonSchema(): object {
  return openSchema(manyReportSchema, COMPARISON_SCHEMA_ID, 'A comparison of several systems by Crossover');
}
