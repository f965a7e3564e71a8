/** Runs the jobs of `analysisJobs.ts` on threads of their own. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LabError } from '#core/errors';
import { numberLocale } from '#core/format';
import type { JobInput, JobName, JobOutput } from './analysisJobs.ts';
import type { Start, Told } from './analysisProtocol.ts';

/** Where the built thread is: as the built app has it, seen from every bundle beside it; or beside a bundle by itself. */
const BUILT = ['../analysis/index.js', './analysis.mjs'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);

let builtElsewhere: string | undefined;

/** Takes the built thread from another place; where the sources run unbuilt, which is in tests. */
export function useAnalysisWorker(file: string): void {
  builtElsewhere = file;
}

/** More threads than this would each wait for memory. */
const MOST_WORKERS = 8;

export interface JobWatch {
  /** ends the job at once; it then fails with "interrupted" */
  readonly signal?: AbortSignal | undefined;
  /** share of the job that is done, 0 to 1 */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Threads that are started when first needed, and then kept. They do not keep the program running. */
export interface WorkerPool {
  readonly workers: number;
  /**
   * Runs one job on a thread that is free, or as soon as one is.
   * @throws LabError what the job threw; "interrupted" when the signal aborts or the pool is closed
   */
  run<N extends JobName>(job: N, input: JobInput<N>, watch?: JobWatch): Promise<JobOutput<N>>;
  /**
   * Runs one job on many inputs, as many at once as there are threads.
   * @param watch with how much work each input is, in whatever unit, where they differ
   * @returns what came out, in the order of the inputs, whichever was done first
   */
  runAll<N extends JobName>(
    job: N,
    inputs: readonly JobInput<N>[],
    watch?: JobWatch & { readonly weights?: readonly number[] },
  ): Promise<JobOutput<N>[]>;
  /** ends all threads; a second call does nothing */
  close(): void;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (error: LabError) => void;
}

/** @param workers at most so many threads, by default one for each processor */
export function createWorkerPool(workers = Math.min(MOST_WORKERS, availableParallelism())): WorkerPool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: Waiting[] = [];
  let busy = 0;
  let closed = false;

  const take = (): Worker => {
    const ready = idle.pop();
    if (ready !== undefined) return ready;
    const worker = new Worker(builtWorker());
    // A thread that fails ends; until it has, it must get no other job. An idle one that fails harms none.
    worker.on('error', () => all.delete(worker));
    worker.once('exit', () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    all.add(worker);
    return worker;
  };
  const next = (): void => {
    if (busy >= workers || waiting.length === 0) return;
    busy += 1;
    waiting.shift()!.begin();
  };
  /** Waits until a thread is free, and counts it as busy. */
  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    if (closed || signal?.aborted) throw stopped();
    if (busy < workers) {
      busy += 1;
      return;
    }
    await new Promise<void>((resolve, refuse) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(own), 1);
        refuse(stopped());
      };
      const own: Waiting = {
        begin: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        refuse,
      };
      waiting.push(own);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };

  const onWorker = async (start: Start, { signal, onProgress }: JobWatch): Promise<unknown> => {
    if (closed) throw stopped();
    const worker = take();
    worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          worker.off('message', heed).off('error', fail).off('exit', gone);
          signal?.removeEventListener('abort', stop);
          settle();
        };
        const heed = (told: Told): void => {
          if (told.kind === 'progress') onProgress?.(told.fraction);
          else if (told.kind === 'done') end(() => resolve(told.value));
          else end(() => reject(failure(told)));
        };
        const fail = (error: Error): void => end(() => reject(crashed(error)));
        const gone = (): void =>
          end(() => reject(closed ? stopped() : new Error('an analysing thread ended by itself')));
        const stop = (): void => {
          // Computing does not listen: the thread itself is ended.
          void worker.terminate();
          end(() => reject(stopped()));
        };
        worker.on('message', heed).on('error', fail).on('exit', gone);
        signal?.addEventListener('abort', stop, { once: true });
        if (signal?.aborted) stop();
        else worker.postMessage(start);
      });
    } finally {
      worker.unref();
      if (all.has(worker) && !signal?.aborted && !closed) idle.push(worker);
      else void worker.terminate();
    }
  };

  const pool: WorkerPool = {
    workers,
    run: async <N extends JobName>(job: N, input: JobInput<N>, watch: JobWatch = {}) => {
      const numbers = numberLocale();
      await turn(watch.signal);
      try {
        return (await onWorker({ job, input, numbers }, watch)) as JobOutput<N>;
      } finally {
        busy -= 1;
        next();
      }
    },
    runAll: async <N extends JobName>(
      job: N,
      inputs: readonly JobInput<N>[],
      { weights = inputs.map(() => 1), ...watch }: JobWatch & { readonly weights?: readonly number[] } = {},
    ) => {
      const whole = weights.reduce((a, b) => a + b, 0);
      const done = inputs.map(() => 0);
      const own = new AbortController();
      const signal = watch.signal === undefined ? own.signal : AbortSignal.any([watch.signal, own.signal]);
      try {
        return await Promise.all(
          inputs.map((input, i) =>
            pool.run(job, input, { signal, onProgress: (fraction) => tell(i, fraction) }).then((value) => {
              tell(i, 1);
              return value;
            }),
          ),
        );
      } catch (thrown) {
        // One that fails ends the others.
        own.abort();
        throw thrown;
      }

      function tell(i: number, fraction: number): void {
        done[i] = fraction * weights[i]!;
        watch.onProgress?.(done.reduce((a, b) => a + b, 0) / whole);
      }
    },
    close: () => {
      closed = true;
      for (const { refuse } of waiting.splice(0)) refuse(stopped());
      for (const worker of all) void worker.terminate();
    },
  };
  return pool;
}

function builtWorker(): string {
  const file = builtElsewhere ?? BUILT.find((each) => existsSync(each));
  if (file !== undefined) return file;
  throw new LabError(
    'missing',
    'The part that analyses is not built.',
    'Build Crossover with npm run build.',
  );
}

function stopped(): LabError {
  return new LabError('interrupted', 'The analysis was stopped. Nothing was stored.');
}

function failure({ error, stack }: Extract<Told, { kind: 'failed' }>): Error {
  if (error.kind !== 'internal') return new LabError(error.kind, error.message, error.hint);
  const unexpected = new Error(error.message);
  if (stack !== undefined) unexpected.stack = stack;
  return unexpected;
}

function crashed(error: Error & { readonly code?: string }): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new LabError(
    'bad-workload',
    'The analysis needs more memory than there is. Nothing was stored.',
    'Choose a workload with fewer distinct pairs of input and output tokens.',
  );
}
