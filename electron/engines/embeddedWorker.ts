/**
 * The process that runs the embedded engine's model. It takes requests from its parent and ends with it; what it
 * writes to standard error is kept by the parent for the sentence about its death.
 */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { LabError, errorData } from '#core/errors';
import { loadModel, type EmbeddedModel } from './embeddedModel.ts';
import type { Answer, OpenRequest, QueryRequest, Request } from './embeddedProtocol.ts';
import { Stopped } from './forcedQuery.ts';

let model: EmbeddedModel | undefined;
const cancelled = new Set<number>();

function answer(message: Answer): void {
  process.send?.(message);
}

async function open({ file, kvCache, threads }: OpenRequest): Promise<void> {
  try {
    const hash = await hashOf(file, (fraction) => answer({ kind: 'progress', what: 'hashing', fraction }));
    model = await loadModel(file, { kvCache, ...(threads === undefined ? {} : { threads }) }, (fraction) =>
      answer({ kind: 'progress', what: 'loading', fraction }),
    );
    const { facts } = model;
    answer({ kind: 'opened', ...facts, model: { ...facts.model, hash } });
  } catch (thrown) {
    answer({ kind: 'failed', error: errorData(thrown) });
  }
}

async function query({ id, m, n, seed }: QueryRequest): Promise<void> {
  try {
    if (!model) throw new LabError('engine-failed', 'The engine was asked before its model was loaded.');
    const record = await model.query(m, n, seed, () => cancelled.has(id));
    answer({ kind: 'answered', id, record });
  } catch (thrown) {
    const error: unknown =
      thrown instanceof Stopped ? new LabError('interrupted', 'The query was interrupted.') : thrown;
    answer({ kind: 'failed', id, error: errorData(error) });
  } finally {
    cancelled.delete(id);
  }
}

/** SHA-256 of a file, read piece by piece. */
async function hashOf(file: string, onProgress: (fraction: number) => void): Promise<string> {
  const total = statSync(file).size;
  const hash = createHash('sha256');
  let done = 0;
  let told = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = piece as Buffer;
    hash.update(bytes);
    done += bytes.length;
    if (done / total - told < 0.01 && done < total) continue;
    told = done / total;
    onProgress(told);
  }
  return hash.digest('hex');
}

process.on('message', (request: Request) => {
  switch (request.kind) {
    case 'open':
      return void open(request);
    case 'query':
      return void query(request);
    case 'cancel':
      return void cancelled.add(request.id);
  }
});
// Ctrl-C in a terminal, and the end of a cluster's job, reach every process of the group: it is the parent that decides
// when this one ends, once the trial in progress is given up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Without its parent it has nothing to do; a plain exit would wait for an evaluation in progress.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
