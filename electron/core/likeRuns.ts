/** Whether trials of two runs may be taken together. */
import { fingerprint } from './fingerprint.ts';
import type { Run } from './run.ts';

/** What two runs differ in. */
export interface RunDifferences {
  /** phrases; with any of these the trials are of different things: "the model: Llama, Mistral" */
  readonly apart: readonly string[];
  /** phrases; with these the trials may be taken together, but whoever looks at them should know */
  readonly minor: readonly string[];
}

/** What a run was measured on and with. */
export type Conditions = Pick<Run, 'engine' | 'meter' | 'environment'>;

type Read = Readonly<Record<string, (run: Conditions) => string | number | boolean | undefined>>;

/** What every run knows of itself, and trials that are taken together must share. */
const KNOWN: Read = {
  'the processor': ({ environment }) => environment.chip,
  'the model': ({ engine }) => engine.model.name,
  'the quantisation': ({ engine }) => engine.model.quantisation,
  'made-up weights': ({ engine }) => engine.model.synthetic,
  'the engine': ({ engine }) => engine.kind,
  'the KV cache': ({ engine }) => engine.kvCache,
  'the batch size': ({ engine }) => engine.batch,
  'the meter': ({ meter }) => meter.kind,
  'the boundary': ({ meter }) => meter.boundary,
};

/** The same for what some runs know of themselves. */
const SOMETIMES_KNOWN: Read = {
  'the GPUs': ({ environment }) => gpuNames(environment),
  'the model file': ({ engine }) => engine.model.hash,
  // A server's device is its address, which says nothing of what it runs on.
  'the device': ({ engine }) => (engine.kind === 'embedded' ? withoutThreads(engine.device) : undefined),
};

const MINOR: Read = {
  'the engine’s version': ({ engine }) => engine.version,
  threads: ({ engine }) => engine.threads,
  'the meter’s name': ({ meter }) => meter.name,
  'CPU cores': ({ environment }) => environment.cores,
  'the system': ({ environment }) => environment.os,
  'the driver': ({ environment }) => environment.gpus?.[0]?.driver,
  'Crossover’s version': ({ environment }) => environment.crossover,
};

/** Compares what two runs were measured on and with; what is not known of both is not compared. */
export function runDifferences(one: Conditions, other: Conditions): RunDifferences {
  const compare = (read: Read): string[] =>
    Object.entries(read).flatMap(([what, value]) => {
      const [a, b] = [value(one), value(other)];
      return a === undefined || b === undefined || a === b ? [] : [`${what}: ${a}, ${b}`];
    });
  return { apart: compare({ ...KNOWN, ...SOMETIMES_KNOWN }), minor: compare(MINOR) };
}

/** A short id of what a run was measured on and with, the same for runs whose trials may be taken together. */
export function likeness(run: Conditions): string {
  return fingerprint(JSON.stringify(Object.values(KNOWN).map((value) => value(run)))).slice(0, 8);
}

/** GPUs in words: "4 × NVIDIA A100-SXM4-80GB"; undefined where none is known of. */
export function gpuNames({ gpus }: Run['environment']): string | undefined {
  if (gpus === undefined || gpus.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { name } of gpus) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}

function withoutThreads(device: string): string {
  return device.replace(/,\s*\d+ threads?$/, '');
}
