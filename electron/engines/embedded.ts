/** The embedded engine: llama.cpp in a process of its own, so that its energy and its faults are its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineInfo, ModelInfo, QueryRecord } from '#core/engine';
import { LabError } from '#core/errors';
import type { Answer, Opened, Request } from './embeddedProtocol.ts';
import type { Engine } from './engine.ts';
import { modelId } from './modelName.ts';

/** Where the built app has the worker, as seen from every bundle beside it. */
const BUILT_WORKER = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'engine', 'index.js');
/** of what the process wrote to standard error, enough to say why it ended */
const KEPT_COMPLAINT_CHARACTERS = 2000;

export interface EmbeddedOptions {
  readonly file: string;
  /** what is known of the model beside what its file says */
  readonly model?: Partial<ModelInfo>;
  readonly kvCache: boolean;
  readonly threads?: number;
  readonly onProgress?: (progress: { what: string; fraction: number }) => void;
  readonly signal: AbortSignal;
  /** the built worker; for tests */
  readonly workerFile?: string;
}

/**
 * Starts the process and loads the model.
 * @throws LabError "bad-model", "engine-failed", "interrupted"
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Engine> {
  const { file, kvCache, threads, onProgress, signal } = options;
  const worker = new Worker(options.workerFile ?? BUILT_WORKER);
  try {
    const opened = await worker.open(
      { kind: 'open', file, kvCache, ...(threads === undefined ? {} : { threads }) },
      signal,
      onProgress,
    );
    return new EmbeddedEngine(worker, infoOf(options, opened));
  } catch (thrown) {
    await worker.end();
    throw thrown;
  }
}

/** Whether the engine came with this copy: a collector may do without. In the sources it is always there. */
export function embeddedIsHere(): boolean {
  return import.meta.url.endsWith('.ts') || existsSync(BUILT_WORKER);
}

function infoOf({ file, model, kvCache }: EmbeddedOptions, opened: Opened): EngineInfo {
  const name = opened.model.name ?? path.basename(file, '.gguf');
  return {
    kind: 'embedded',
    name: `llama.cpp ${opened.llamaCppRelease}, embedded`,
    version: opened.llamaCppRelease,
    model: {
      id: modelId(name),
      name,
      synthetic: false,
      ...opened.model,
      ...model,
    },
    kvCache,
    batch: 1,
    device: opened.device,
    ...(opened.threads === undefined ? {} : { threads: opened.threads }),
    contextTokens: opened.contextTokens,
  };
}

class EmbeddedEngine implements Engine {
  readonly pids: readonly number[];
  /** queries wait for the one before, since a stopped one still ends its current evaluation */
  #last: Promise<unknown> = Promise.resolve();
  #nextId = 1;

  constructor(
    private readonly worker: Worker,
    readonly info: EngineInfo,
  ) {
    this.pids = worker.pid === undefined ? [] : [worker.pid];
  }

  async query(
    m: number,
    n: number,
    { seed, signal }: { seed: number; signal: AbortSignal },
  ): Promise<QueryRecord> {
    const before = this.#last;
    const id = this.#nextId++;
    const work = before.then(() => {
      if (signal.aborted) throw interrupted();
      return this.worker.query({ kind: 'query', id, m, n, seed });
    });
    this.#last = work.catch(() => undefined);
    return orAborted(work, signal, () => this.worker.cancel(id));
  }

  close(): Promise<void> {
    return this.worker.end();
  }
}

function interrupted(): LabError {
  return new LabError(
    'interrupted',
    'The query was interrupted. The trials before it are kept.',
    'Resume the run to measure it again.',
  );
}

/** Ends with the work, or at once when the signal aborts. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      onAbort();
      reject(interrupted());
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** The process, as promises. Whatever is waited for fails with a sentence when the process ends. */
class Worker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #complaint = '';
  #death: LabError | undefined;
  #opening: Waiting<Opened> | undefined;
  #onProgress: EmbeddedOptions['onProgress'];
  readonly #queries = new Map<number, Waiting<QueryRecord>>();

  constructor(file: string) {
    this.#child = fork(file, [], {
      execArgv: [],
      env: { ...withoutEmpty(process.env), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (part: Buffer) => {
      this.#complaint = (this.#complaint + part.toString()).slice(-KEPT_COMPLAINT_CHARACTERS);
    });
    this.#child.on('message', (answer: Answer) => this.#take(answer));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#die(`could not be started: ${error.message}`);
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#die(signal === null ? `ended by itself with code ${code}` : `was ended by ${signal}`);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  open(request: Request, signal: AbortSignal, onProgress: EmbeddedOptions['onProgress']): Promise<Opened> {
    this.#onProgress = onProgress;
    const work = new Promise<Opened>((resolve, reject) => {
      this.#opening = { resolve, reject };
      this.#send(request, reject);
    });
    work.catch(() => undefined);
    return orAborted(work, signal, () => {});
  }

  query(request: Request & { readonly kind: 'query' }): Promise<QueryRecord> {
    return new Promise((resolve, reject) => {
      this.#queries.set(request.id, { resolve, reject });
      this.#send(request, reject);
    });
  }

  cancel(id: number): void {
    if (this.#queries.has(id)) this.#send({ kind: 'cancel', id }, () => {});
  }

  /** Ends the process; it holds nothing that would have to be saved. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #send(request: Request, fail: (reason: unknown) => void): void {
    if (this.#death) return fail(this.#death);
    // What cannot be sent any more fails with the end of the process, which follows.
    this.#child.send(request, () => {});
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case 'progress':
        return this.#onProgress?.({ what: answer.what, fraction: answer.fraction });
      case 'opened':
        return this.#opening?.resolve(answer);
      case 'answered':
        this.#queries.get(answer.id)?.resolve(answer.record);
        return void this.#queries.delete(answer.id);
      case 'failed': {
        const { kind, message, hint } = answer.error;
        const error = new LabError(kind, message, hint);
        if (answer.id === undefined) return this.#opening?.reject(error);
        this.#queries.get(answer.id)?.reject(error);
        return void this.#queries.delete(answer.id);
      }
    }
  }

  #die(how: string): void {
    if (this.#death) return;
    const lines = this.#complaint.trim().split('\n').filter(isNoWarning);
    const said = (lines.find((line) => /error|failed|abort/i.test(line)) ?? lines.at(-1) ?? '').trim();
    this.#death = new LabError(
      'engine-failed',
      `The embedded engine's process ${how}${said === '' ? '' : ` and said: ${said}`}. The trials before are kept.`,
      'Resume the run; if it happens again, choose a smaller model or another engine.',
    );
    this.#opening?.reject(this.#death);
    for (const { reject } of this.#queries.values()) reject(this.#death);
    this.#queries.clear();
  }
}

/** Node's warnings are not why it died. */
const isNoWarning = (line: string): boolean => !/^\((node:\d+\)|Use `)/.test(line.trim());

/** The environment without variables that are set to nothing: node-llama-cpp fails on some of them, such as CI. */
export function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
