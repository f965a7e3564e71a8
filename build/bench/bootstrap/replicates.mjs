// A thread that computes the replicates that it is asked for.

import { parentPort, workerData } from 'node:worker_threads';

/** @type {typeof import('../../../electron/core/analysis/bootstrap.ts')} */
const { bootstrapReplicates } = await import(workerData);
parentPort?.on('message', ({ setUp, seed, from, to }) => {
  const chunk = bootstrapReplicates(setUp, seed, from, to);
  parentPort?.postMessage(chunk, [/** @type {ArrayBuffer} */ (chunk.values.buffer)]);
});
