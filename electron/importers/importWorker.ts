/**
 * The importing process: takes one job from its parent, tells how far it is and what came out, and ends. Reading,
 * tokenising and adding up happen here, so that the window stays smooth and a fault costs the import alone.
 */
import { errorData } from '#core/errors';
import { JOBS, type JobContext } from './importJobs.ts';
import type { Start, Told } from './importProtocol.ts';

const PROGRESS_MS = 100;

/** Progress comes faster than anyone reads it: the parent hears of a step's beginning, and then ten times a second. */
function tellProgress(): JobContext['onProgress'] {
  let lastMs = 0;
  let lastWhat = '';
  return (what, fraction) => {
    const nowMs = performance.now();
    if (what === lastWhat && nowMs - lastMs < PROGRESS_MS) return;
    [lastMs, lastWhat] = [nowMs, what];
    process.send?.({ kind: 'progress', what, fraction } satisfies Told);
  };
}

async function work({ job, input, scratch }: Start): Promise<Told> {
  try {
    const run = (await JOBS[job]()) as (input: unknown, context: JobContext) => Promise<unknown>;
    return { kind: 'done', value: await run(input, { onProgress: tellProgress(), scratch }) };
  } catch (thrown) {
    return { kind: 'failed', error: errorData(thrown) };
  }
}

process.once('message', (start: Start) => {
  void work(start).then((told) => process.send?.(told, () => process.disconnect()));
});
// Without its parent it has nothing to do; a plain exit would wait for a query in progress.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
