import { z } from 'zod';

/** Units that the arrival times of a trace may be in. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** The formats of workloads, in the order in which they are looked for; each is described in `formats.ts`. */
export const WORKLOAD_FORMATS = [
  'workload',
  'azure',
  'vidur',
  'splitwise',
  'mooncake',
  'burstgpt',
  'vllm',
  'joint',
  'alpaca',
  'sharegpt',
  'openai',
  'counts',
  'prompts',
] as const;
export type WorkloadFormat = (typeof WORKLOAD_FORMATS)[number];

/** The tokenizer that comes with Crossover; every other one is a file. */
export const DEFAULT_TOKENIZER = 'llama-2';

const column = z.string().min(1).max(500);

/** What is to be imported, and everything that the user may say about it; what is absent is found out. */
export const workloadRequestSchema = z.strictObject({
  /** of one form, and added up */
  files: z.array(z.string().min(1).max(4096)).min(1).max(1000),
  format: z.enum(WORKLOAD_FORMATS).optional(),
  /** columns of the input: texts are encoded one by one, token counts are added up */
  input: z.array(column).min(1).max(50).optional(),
  output: column.optional(),
  /** how many queries a row stands for */
  count: column.optional(),
  /** when a query came in; null: the times are not to be used */
  arrival: column.nullable().optional(),
  /** unit of arrival times that are numbers */
  timeUnit: z.enum(TIME_UNITS).optional(),
  /** `llama-2`, or the path of a tokenizer.json or a GGUF */
  tokenizer: z.string().min(1).max(4096).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  id: z.string().min(1).max(200).optional(),
  licence: z.string().trim().min(1).max(200).optional(),
});
export type WorkloadRequest = z.output<typeof workloadRequestSchema>;
