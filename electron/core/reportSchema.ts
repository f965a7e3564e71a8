import { z } from 'zod';
import { choice } from './analysis/uncertaintySchema.ts';
import { BOUNDARIES, cellSchema, profileSchema, RAILS } from './profile.ts';
import { REPORT_SCHEMA_ID, type ReportDocument } from './report.ts';
import { settingsSchema } from './study.ts';
import { studyResultSchema } from './studyResultSchema.ts';
import { joules, joulesPerToken, seconds, type KilowattHours } from './units.ts';

const number = z.number();
const text = z.string();
const sha256 = text.describe('SHA-256 of the input, hexadecimal');
const rail = z.enum(RAILS);
const boundary = z.enum(BOUNDARIES);
const axis = z.enum(['input', 'output']);
const origin = z
  .enum(['measured', 'published', 'counted', 'estimated', 'modelled', 'assumed'])
  .describe(
    'measured by this lab, published by others, counted in a workload, estimated, modelled, or assumed',
  );
const result = studyResultSchema.shape;

const totals = z.object({
  energyJ: number.transform(joules).describe('energy of the whole workload, J'),
  runtimeS: number.transform(seconds).describe('runtimes of all queries added up, s'),
  cost: number.describe('U = λE + (1−λ)R of the whole workload'),
});

/** A system as a report describes it. */
export const reportSystemSchema = z.object({
  role: z.enum(['small', 'large']),
  label: text.describe("short name, told apart from the other system's"),
  name: text,
  hardware: text,
  place: profileSchema.shape.system.shape.place,
  model: text,
  conditions: profileSchema.shape.conditions,
  design: profileSchema.shape.design,
  cells: number,
  trials: number.describe('trials over all cells'),
  rails: z.array(rail),
  boundary,
  boundaryNote: text,
  origin,
  profile: z.object({ id: text, name: text, sha256 }),
  source: profileSchema.shape.source,
  notes: z.array(text),
});

const lengths = z
  .object({
    mean: number,
    sd: number,
    min: number,
    p5: number,
    p25: number,
    median: number,
    p75: number,
    p90: number,
    p95: number,
    p99: number,
    max: number,
  })
  .describe('tokens of a query: mean, standard deviation, percentiles');

/** A workload as a report describes it. */
export const reportWorkloadSchema = z.object({
  id: text,
  name: text,
  sha256,
  origin,
  queries: number.describe('fractional where modelled'),
  pairs: number.describe('distinct (m, n)'),
  input: lengths,
  output: lengths,
  correlation: number.nullable().describe("Pearson's; null where one side does not vary"),
  tokenizer: text.nullable().describe('null where the source published counts'),
  licence: text,
  source: text,
  upstream: text,
  note: text,
});

const curve = z.array(
  z.object({
    length: number.describe('tokens along the axis'),
    jPerToken: number.transform(joulesPerToken).describe('J per token'),
    runtimeS: number.transform(seconds).describe('of one query, s'),
    trials: number,
  }),
);

const passage = z.object({
  title: text,
  text,
  formulas: z.exactOptional(z.array(text)).describe('plain text; _{…} is a subscript, ^{…} a superscript'),
});

/**
 * A report's JSON as others may rely on it. Its JSON Schema is published in build/schemas: fields are added, never
 * renamed, and readers ignore those that they do not know.
 */
export const reportDocumentSchema = z.object({
  $schema: z.literal(REPORT_SCHEMA_ID),
  format: z.literal('crossover-report'),
  version: z.literal(1),
  title: text,
  question: text,
  verdict: result.verdict.describe('savings are fractions of the cost U'),
  objective: text.describe('what the study saves, in a word'),
  study: z.object({
    id: text,
    settings: settingsSchema,
    boundary: z.object({ id: boundary, name: text, rails: z.array(rail) }),
    hashes: z.object({ small: sha256, large: sha256, workload: sha256 }),
  }),
  systems: z.object({ small: reportSystemSchema, large: reportSystemSchema }),
  workload: reportWorkloadSchema,
  policies: z.array(
    result.policies.element.extend({
      ...totals.shape,
      energyKwh: number.transform((value) => value as KilowattHours).describe('the same in kWh'),
    }),
  ),
  sweep: z.object({
    axis,
    points: z.array(totals.extend({ threshold: number.describe('tokens') })),
    best: totals.extend({ threshold: number }).describe('the point of least cost'),
    shareToSmall: number.describe('share of the queries that the threshold sends to the small system'),
    small: totals,
    large: totals,
  }),
  curves: z.array(z.object({ axis, small: curve, large: curve })),
  capacity: result.capacity.describe('the optimum that the devices can carry, where they were told'),
  extrapolated: result.extrapolated.describe('shares beyond what was measured, fractions'),
  uncertainty: result.uncertainty.describe('95% intervals of a bootstrap, where one was asked for'),
  sensitivity: z.object({
    flips: result.flips.optional(),
    pareto: z.exactOptional(
      z.array(z.object({ ...choice, energyJ: number, runtimeS: number, convex: z.boolean() })),
    ),
    paretoFound: result.paretoFound.optional(),
    models: result.models.optional(),
    unknownOutput: result.unknownOutput.optional(),
    negative: result.negative.optional(),
  }),
  cells: z
    .object({ small: z.array(cellSchema), large: z.array(cellSchema) })
    .describe('the cells of both profiles: means over trials, energy in J and runtime in s of one query'),
  assumptions: result.assumptions,
  origins: z.array(z.object({ figures: text, origin, why: text })),
  method: z.array(passage),
  limits: z.array(passage),
  command: text.describe('the command line that repeats the study'),
  versions: z.object({ crossover: text }),
}) satisfies z.ZodType<ReportDocument>;

/**
 * The JSON Schema of a report (draft-07), open to fields that later versions add.
 */
export function reportJsonSchema(): object {
  return openSchema(reportDocumentSchema, REPORT_SCHEMA_ID, 'A report by Crossover');
}

/** A JSON Schema (draft-07) that is open to fields that later versions add. */
export function openSchema(of: z.ZodType, id: string, title: string): object {
  const schema = z.toJSONSchema(of, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { $id: id, title, ...schema };
}
