/**
 * An analysing thread: takes one job after the other, tells how far each is and what came out. Long computing happens
 * here, so that the window stays smooth and can end it at any time.
 */
import { parentPort } from 'node:worker_threads';
import { errorData } from '#core/errors';
import { writeNumbersAs } from '#core/format';
import { JOBS, type JobContext } from './analysisJobs.ts';
import type { Start, Told } from './analysisProtocol.ts';

async function work({ job, input, numbers }: Start): Promise<Told> {
  try {
    writeNumbersAs(numbers);
    const run = JOBS[job] as (input: unknown, context: JobContext) => unknown;
    const onProgress = (fraction: number): void => tell({ kind: 'progress', fraction });
    return { kind: 'done', value: await run(input, { onProgress }) };
  } catch (thrown) {
    const error = errorData(thrown);
    const stack = error.kind === 'internal' && thrown instanceof Error ? thrown.stack : undefined;
    return { kind: 'failed', error, ...(stack === undefined ? {} : { stack }) };
  }
}

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

parentPort?.on('message', (start: Start) => void work(start).then(tell));
