import { z } from 'zod';
import { ENGINE_KINDS } from './engine.ts';
import { LabError } from './errors.ts';
import { firstIssues } from './profile.ts';
import { shardPlan } from './shards.ts';
import { makePlan, shardSchema, type Plan } from './sweep.ts';

/** What a user asks for when a run is to be started. Defaults make a first try: nothing to install, minutes. */
export const runRequestSchema = z.strictObject({
  engine: z.enum(ENGINE_KINDS).default('embedded'),
  /** path of a GGUF file, a server's name for a model, or synthetic:SHAPE[:QUANTISATION] */
  model: z.string().min(1).max(4096).default('synthetic:tiny'),
  /** address of the server, for every engine but the embedded one */
  url: z.url({ protocol: /^https?$/ }).optional(),
  kvCache: z.boolean().default(true),
  /** auto, a kind, replay:FILE or estimate:WATTS */
  meter: z.string().min(1).max(4096).default('auto'),
  /** paper, quick, grid, or cells such as "8,32 64,32" */
  sweep: z.string().min(1).max(100_000).default('quick'),
  /** half the 95% interval of energy and runtime over the mean at which a cell is done */
  target: z.number().positive().max(1).optional(),
  maxTrials: z.number().int().min(1).max(1000).optional(),
  seed: z.number().int().nonnegative().max(4_294_967_295).default(1),
  /** length of the idle baselines, s; each plan has its own */
  idleS: z.number().min(0.2).max(600).optional(),
  name: z.string().max(200).optional(),
  /** measure this shard of the sweep's cells alone; the others are measured elsewhere */
  shard: shardSchema.optional(),
});
export type RunRequest = z.output<typeof runRequestSchema>;

/**
 * Validates a request, filling in defaults.
 * @throws LabError "bad-setting" naming what is wrong
 */
export function parseRunRequest(request: unknown): RunRequest {
  const result = runRequestSchema.safeParse(request);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The run cannot be started like this: ${firstIssues(result.error)}.`,
    'Nothing was started. crossover measure --help lists the choices.',
  );
}

/** The plan of a request. @throws LabError "bad-setting" when its sweep is none, or has too few cells to be split */
export function planOf({ sweep, seed, target, maxTrials, idleS, shard, kvCache }: RunRequest): Plan {
  const plan = makePlan(sweep, {
    seed,
    ...(target === undefined ? {} : { target }),
    ...(maxTrials === undefined ? {} : { maxTrials }),
    ...(idleS === undefined ? {} : { idleS }),
  });
  return shard === undefined ? plan : shardPlan(plan, shard, { kvCache });
}
