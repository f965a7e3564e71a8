/** Writing the samples of a run as they come. */
import type { EnergySample } from '#core/meter';
import { SampleBuffer } from './sampleBuffer.ts';
import { encodeBuffer } from './sampleChunk.ts';
import { createPyramidWriter } from './pyramidWriter.ts';
import { spanOfTimes } from './samplePyramid.ts';
import { samplesIn } from './sampleReader.ts';
import type { WriteDb } from './sqlite.ts';
import { guarded } from './storeError.ts';

/** Stores the samples of one run. One writer at a time writes to a run. */
export interface SampleWriter {
  /**
   * Takes samples in time order, and stores them by itself once they span a second or fill a chunk. A sample without
   * length has no power and counts nothing in any window, so it is not stored.
   * @throws LabError "disk-full" and the like; the samples are kept in memory for the next try
   */
  push(samples: readonly EnergySample[]): void;
  /** Stores what has been pushed, in one transaction: at the end of a trial, for instance. */
  flush(): void;
  /** Stores what has been pushed and finishes the pyramid; a second call does nothing. */
  close(): void;
}

/** A chunk is stored when it has so many samples, however short their time. */
const MOST_IN_CHUNK = 1024;
/** A stored chunk with as many is finished; one with fewer is stored again with the samples that follow. */
const FULL_CHUNK = 512;
/** Samples wait no longer than this for being stored, s on their own clock, unless the caller has them safe. */
const FLUSH_EVERY_S = 1;

/**
 * Begins to store samples of a run, after those that are stored already. What a writer that died left unfinished
 * in the pyramid is finished first.
 * @param flushEveryS Infinity where the samples are safe elsewhere: then only full chunks are stored
 * @throws LabError "disk-full" and the like
 */
export function createSampleWriter(
  db: WriteDb,
  runId: string,
  { flushEveryS = FLUSH_EVERY_S }: { flushEveryS?: number } = {},
): SampleWriter {
  const pyramid = createPyramidWriter(db, runId);
  const putChunk = db.prepare(
    `INSERT INTO sample_chunk (run_id, first_sample, samples, start_s, end_s, data)
     VALUES (:runId, :firstSample, :samples, :startS, :endS, :data)
     ON CONFLICT (run_id, first_sample) DO UPDATE SET
       samples = excluded.samples, start_s = excluded.start_s, end_s = excluded.end_s, data = excluded.data`,
  );
  const chunk = new SampleBuffer();
  let firstSample = samplesIn(db, runId, 0);
  let storedOfChunk = 0;
  let storedEndS = -Infinity;
  let closed = false;

  const flush = (): void => {
    guarded(db.name, () =>
      db.transaction(() => {
        if (chunk.count > storedOfChunk) {
          const data = encodeBuffer(chunk);
          putChunk.run({ runId, firstSample, samples: chunk.count, ...spanOfTimes(chunk), data });
        }
        pyramid.store();
      })(),
    );
    // From here on it is stored; before, a failure leaves everything as it was, for the next try.
    pyramid.forgetStored();
    storedOfChunk = chunk.count;
    storedEndS = chunk.endS.at(-1) ?? storedEndS;
    if (chunk.count < FULL_CHUNK) return;
    firstSample += chunk.count;
    chunk.clear();
    storedOfChunk = 0;
  };

  pyramid.finish();
  flush();
  return {
    push: (samples) => {
      if (closed) throw new Error(`the sample writer of the run ${runId} is closed`);
      let failure: { readonly thrown: unknown } | undefined;
      for (const sample of samples) {
        if (!(sample.endS > sample.startS)) continue;
        if (storedEndS === -Infinity) storedEndS = sample.startS;
        pyramid.add(sample);
        chunk.push(sample);
        const due = chunk.count >= MOST_IN_CHUNK || sample.endS - storedEndS >= flushEveryS;
        if (!due || failure !== undefined) continue;
        try {
          flush();
        } catch (thrown) {
          // The rest of the samples is still to be kept.
          failure = { thrown };
        }
      }
      if (failure !== undefined) throw failure.thrown;
    },
    flush,
    close: () => {
      if (closed) return;
      pyramid.finish();
      flush();
      closed = true;
    },
  };
}
