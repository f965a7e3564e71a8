/** The process that reads and verifies one bundle: it answers once, and is then ended. */
import { errorData } from '#core/errors';
import { createWorkerPool } from '../../workers/workerPool.ts';
import { checkHere, type CheckRequest } from './check.ts';
import type { Told } from './verifierProcess.ts';

const tell = (told: Told): void => void process.send?.(told);

process.once('message', (request: CheckRequest) => {
  void checkHere(createWorkerPool())(request, {
    onProgress: ({ what, fraction }) => tell({ kind: 'progress', what, fraction }),
  }).then(
    (value) => tell({ kind: 'done', value }),
    (thrown: unknown) => tell({ kind: 'failed', error: errorData(thrown) }),
  );
});
// Without its parent it has nothing to do.
process.once('disconnect', () => process.exit());
