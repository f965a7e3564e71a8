import { z } from 'zod';

/** The kinds of engines, by the names that the command line knows. */
export const ENGINE_KINDS = ['embedded', 'llama-server', 'ollama', 'openai'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** What a model is, as far as its cost depends on it. */
export const modelInfoSchema = z.strictObject({
  /** lower-case id, as in profiles: "llama-2-7b", "tiny" */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string().min(1),
  /** "F16", "Q8_0", "Q4_0"; "unknown" where the server does not tell */
  quantisation: z.string().min(1),
  parameters: z.number().positive().optional(),
  /** true for made-up weights in the model's shape */
  synthetic: z.boolean(),
  /** SHA-256 of the model file, where there is one */
  hash: z.string().optional(),
});
export type ModelInfo = z.output<typeof modelInfoSchema>;

/** A model with its quantisation, which the names of made-up weights hold already. */
export function modelText({ name, quantisation }: Pick<ModelInfo, 'name' | 'quantisation'>): string {
  return name.includes(quantisation) ? name : `${name}, ${quantisation}`;
}

export const engineInfoSchema = z.strictObject({
  kind: z.enum(ENGINE_KINDS),
  /** for people: "llama.cpp b6100, embedded" */
  name: z.string().min(1),
  version: z.string(),
  model: modelInfoSchema,
  kvCache: z.boolean(),
  batch: z.number().int().positive(),
  /** where it runs: "Metal", "CPU, 2 threads", "http://127.0.0.1:8080" */
  device: z.string(),
  /** threads of the embedded engine on the CPU, so that a resumed run has as many */
  threads: z.number().int().positive().optional(),
  /** longest m + n that it takes */
  contextTokens: z.number().int().positive().optional(),
});
export type EngineInfo = z.output<typeof engineInfoSchema>;

/** One query, carried out and proved. Times are s on the machine's monotonic clock. */
export interface QueryRecord {
  readonly startS: number;
  /** when the first output token was there: the end of the prefill */
  readonly firstTokenS: number;
  readonly endS: number;
  /** as the engine counted, not as was asked for; absent where it did not say */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** input tokens that came from a cache; must be 0. Absent where the engine does not tell. */
  readonly cachedTokens?: number;
}

/**
 * Why a query does not count, or undefined when exactly m tokens went in, none known to be cached, and exactly n came
 * out. An engine that tells nothing of its cache is taken at the word of its prompts: each differs from all before
 * from its first token on. The trial says so, see `cacheTold`.
 */
export function queryFault(record: QueryRecord, m: number, n: number): string | undefined {
  const { inputTokens, outputTokens, cachedTokens } = record;
  if (inputTokens === undefined) return 'the engine did not say how many input tokens went in';
  if (outputTokens === undefined) return 'the engine did not say how many output tokens came out';
  if (inputTokens !== m) return `${inputTokens} input tokens went in instead of ${m}`;
  if (outputTokens !== n) return `${outputTokens} output tokens came out instead of ${n}`;
  if (cachedTokens !== undefined && cachedTokens !== 0)
    return `${cachedTokens} input tokens came from a cache`;
  return undefined;
}
