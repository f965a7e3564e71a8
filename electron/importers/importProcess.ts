/** Runs the jobs of `importJobs.ts` in a process of their own. */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError, type ErrorKind } from '#core/errors';
import type { JobInput, JobName, JobOutput } from './importJobs.ts';
import type { Start, Told } from './importProtocol.ts';

/** Where the worker is: as the built app has it, seen from every bundle beside it; or beside a bundle by itself. */
const BUILT_WORKERS = ['../importer/index.js', './importer.mjs'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);
/** JavaScript's part of the process's memory; DuckDB has a limit of its own */
const HEAP_MIB = 1024;
/** of what the process wrote to standard error, enough to say why it ended */
const KEPT_COMPLAINT_CHARACTERS = 4000;

export interface ImportOptions {
  /** the kind of error when the process dies of what it reads */
  readonly badContent: ErrorKind;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly what: string; readonly fraction: number }) => void;
  /** the built worker; for tests */
  readonly workerFile?: string;
}

/**
 * Does one job in a process that is started for it and gone afterwards.
 * @throws LabError what the job threw; "interrupted" when the signal aborts; `badContent` when the process dies
 */
export async function runImport<N extends JobName>(
  job: N,
  input: JobInput<N>,
  { badContent, signal, onProgress, workerFile }: ImportOptions,
): Promise<JobOutput<N>> {
  if (signal?.aborted) throw stoppedImport();
  const worker = [workerFile ?? BUILT_WORKERS].flat().find((file) => existsSync(file));
  if (worker === undefined) {
    throw new LabError(
      'missing',
      'The part that imports is not built.',
      'Build Crossover with npm run build.',
    );
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'crossover-import-'));
  const child = fork(worker, [], {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const stop = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const told = await new Promise<Told & { kind: 'done' | 'failed' }>((resolve, reject) => {
      let complaint = '';
      child.stderr?.on('data', (part: Buffer) => {
        complaint = (complaint + part.toString()).slice(-KEPT_COMPLAINT_CHARACTERS);
      });
      let last: (Told & { kind: 'done' | 'failed' }) | undefined;
      child.on('message', (message: Told) => {
        if (message.kind === 'progress') onProgress?.(message);
        else last = message;
      });
      child.once('error', reject);
      child.once('close', (code, killer) => {
        if (signal?.aborted) reject(stoppedImport());
        else if (last !== undefined) resolve(last);
        else reject(diedImporting(badContent, killer ?? `code ${code}`, complaint));
      });
      child.send({ job, input, scratch } satisfies Start, () => {});
    });
    if (told.kind === 'done') return told.value as JobOutput<N>;
    throw new LabError(told.error.kind, told.error.message, told.error.hint);
  } finally {
    signal?.removeEventListener('abort', stop);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

export function stoppedImport(): LabError {
  return new LabError('interrupted', 'The import was stopped. Nothing was written.');
}

/** Why an importing process ended, from what it wrote to standard error. */
export function diedImporting(badContent: ErrorKind, how: string, complaint: string): LabError {
  if (/heap out of memory|bad_alloc/.test(complaint)) {
    return new LabError(
      badContent,
      'The file needs more memory than reading it may take. Nothing was written.',
      'Split the file, or bring a smaller one.',
    );
  }
  const lines = complaint.trim().split('\n');
  const said = (lines.find((line) => /error|fatal|abort/i.test(line)) ?? lines.at(-1) ?? '').trim();
  return new LabError(
    badContent,
    `The process that reads the file ended with ${how}${said === '' ? '' : ` and said: ${said}`}. Nothing was written.`,
    'Check the file; if it is sound, tell how it was made.',
  );
}
