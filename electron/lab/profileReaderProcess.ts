/** Reads files for the doctor in a process of its own, so that the window stays smooth and a fault costs the import alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LabError, type ErrorData } from '#core/errors';
import { diedImporting, stoppedImport } from '../importers/importProcess.ts';
import type { Diagnosed, DiagnosisRequest, ProfileReader } from './profileReader.ts';

/** To the process: a diagnosis to make. Its answers come in the same order. */
export interface Asked {
  readonly number: number;
  readonly request: DiagnosisRequest;
}

/** From the process, about the diagnosis of that number. */
export type Answered = { readonly number: number } & (
  | { readonly kind: 'progress'; readonly fraction: number }
  /** the files are read, and kept for the next diagnosis */
  | { readonly kind: 'read' }
  | { readonly kind: 'done'; readonly value: Diagnosed }
  | { readonly kind: 'failed'; readonly error: ErrorData }
);

/** Where the worker is in the built app, seen from the bundles beside it. */
const BUILT_WORKER = fileURLToPath(new URL('../doctor/index.js', import.meta.url));
/** JavaScript's part of the process's memory: some millions of rows; DuckDB has a limit of its own */
const HEAP_MIB = 3072;
/** of what the process wrote to standard error, enough to say why it ended */
const KEPT_COMPLAINT_CHARACTERS = 4000;

interface Running {
  readonly child: ChildProcess;
  /** what it wrote to standard error */
  complaint: string;
}

/**
 * A reader whose process starts with the first diagnosis and ends when it is told to forget. Stopping a diagnosis
 * while the files are read ends the process too; once they are read, they stay for the next diagnosis.
 * @param workerFile the built worker; for tests
 */
export function profileReaderProcess(workerFile = BUILT_WORKER): ProfileReader {
  let running: Running | undefined;
  let count = 0;

  const start = (): Running => {
    if (!existsSync(workerFile)) {
      throw new LabError(
        'missing',
        'The part that reads files is not built.',
        'Build Crossover with npm run build.',
      );
    }
    const child = fork(workerFile, [], {
      execArgv: [`--max-old-space-size=${HEAP_MIB}`],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    const own: Running = { child, complaint: '' };
    child.stderr?.on('data', (part: Buffer) => {
      own.complaint = (own.complaint + part.toString()).slice(-KEPT_COMPLAINT_CHARACTERS);
    });
    // Each diagnosis under way hears of it by itself.
    child.on('error', () => {});
    child.once('close', () => {
      if (running === own) running = undefined;
    });
    return own;
  };

  const end = (own: Running): void => {
    if (running === own) running = undefined;
    own.child.kill('SIGKILL');
  };

  return {
    diagnose: (request, { signal, progress, onRead }) =>
      new Promise<Diagnosed>((resolve, reject) => {
        if (signal?.aborted) throw stoppedImport();
        const own = (running ??= start());
        const { child } = own;
        const number = ++count;
        let read = false;
        const settle = (work: () => void): void => {
          child.off('message', hear).off('close', died).off('error', failed);
          signal?.removeEventListener('abort', stop);
          work();
        };
        const hear = (answer: Answered): void => {
          if (answer.number !== number) return;
          if (answer.kind === 'progress') progress?.(answer.fraction);
          else if (answer.kind === 'read') {
            read = true;
            onRead?.();
          } else if (answer.kind === 'done') settle(() => resolve(answer.value));
          else {
            const { kind, message, hint } = answer.error;
            settle(() => reject(new LabError(kind, message, hint)));
          }
        };
        const died = (code: number | null, killer: NodeJS.Signals | null): void =>
          settle(() => reject(diedImporting('bad-profile', killer ?? `code ${code}`, own.complaint)));
        const failed = (thrown: Error): void => settle(() => reject(thrown));
        const stop = (): void => {
          settle(() => reject(stoppedImport()));
          // What is read already is worth keeping, and judging it does not take long.
          if (!read) end(own);
        };
        child.on('message', hear).once('close', died).once('error', failed);
        signal?.addEventListener('abort', stop, { once: true });
        // A process that is gone says so by closing.
        child.send({ number, request } satisfies Asked, () => {});
      }),
    forget: () => {
      if (running !== undefined) end(running);
    },
  };
}
