/** Reads and verifies a bundle in a process of its own: the window stays smooth, and a fault costs the look alone. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LabError, type ErrorData } from '#core/errors';
import type { CheckBundle, CheckedBundle } from './check.ts';

/** From the process. */
export type Told =
  | { readonly kind: 'progress'; readonly what: string; readonly fraction: number }
  | { readonly kind: 'done'; readonly value: CheckedBundle }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** Where the worker is in the built app, seen from the bundles beside it. */
const BUILT_WORKER = fileURLToPath(new URL('../verifier/index.js', import.meta.url));
/** JavaScript's part of the process's memory */
const HEAP_MIB = 2048;

/** @param workerFile the built worker; for tests */
export function checkElsewhere(workerFile = BUILT_WORKER): CheckBundle {
  return (request, { signal, onProgress }) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) throw stopped();
      if (!existsSync(workerFile)) {
        throw new LabError(
          'missing',
          'The part that verifies bundles is not built.',
          'Build Crossover with npm run build.',
        );
      }
      const child = fork(workerFile, [], {
        execArgv: [`--max-old-space-size=${HEAP_MIB}`],
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        serialization: 'advanced',
      });
      const settle = (work: () => void): void => {
        signal?.removeEventListener('abort', stop);
        child.removeAllListeners();
        child.on('error', () => {});
        child.kill('SIGKILL');
        work();
      };
      const stop = (): void => settle(() => reject(stopped()));
      child.on('message', (told: Told) => {
        if (told.kind === 'progress') onProgress?.(told);
        else if (told.kind === 'done') settle(() => resolve(told.value));
        else settle(() => reject(new LabError(told.error.kind, told.error.message, told.error.hint)));
      });
      child.once('error', (thrown) => settle(() => reject(thrown)));
      child.once('close', (code, killer) => settle(() => reject(died(killer ?? `code ${code}`))));
      signal?.addEventListener('abort', stop, { once: true });
      // A process that is gone says so by closing.
      child.send(request, () => {});
    });
}

function stopped(): LabError {
  return new LabError('interrupted', 'The look at the bundle was stopped. Nothing was stored.');
}

function died(how: string): LabError {
  return new LabError(
    'bad-bundle',
    `The process that verifies the bundle ended with ${how}. Nothing was stored.`,
    'Free some memory and try again; crossover verify says more.',
  );
}
