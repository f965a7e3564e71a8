/** Taking a run bundle into a database. */
import path from 'node:path';
import { LabError } from '#core/errors';
import type { Profile } from '#core/profile';
import type { Run } from '#core/run';
import { putEvent } from '../events.ts';
import { createRun, findRun } from '../runs.ts';
import { createSampleWriter, type SampleWriter } from '../samples.ts';
import type { WriteDb } from '../sqlite.ts';
import { putTrial } from '../trials.ts';
import { readRunBundle } from './read.ts';
import { storedContentHash } from './write.ts';

/** What became of a bundle. */
export interface TakenRun {
  readonly run: Run;
  /** the very same run was there already, and was left as it is */
  readonly already: boolean;
  readonly trials: number;
  readonly samples: number;
  /** the profile that came with it; it is not stored yet */
  readonly profile: Profile | undefined;
}

/**
 * Takes the run of a bundle in, with its trials, events and samples. The caller holds a transaction, and undoes it
 * when this throws: only at the end is it known that the whole bundle is sound.
 * @throws LabError "bad-bundle" when the bundle is not whole and sound; "incompatible" when another run has its id
 */
export function takeRunBundle(db: WriteDb, file: string): TakenRun {
  let taken: Run | undefined;
  let already = false;
  let trials = 0;
  let samples = 0;
  let writer: SampleWriter | undefined;
  const profile = readRunBundle(file, {
    manifest: ({ run, content }) => {
      const stored = storedContentHash(db, run);
      already = stored === content;
      if (stored !== undefined && !already) throw anotherRun(path.basename(file), run);
    },
    run: (run) => {
      taken = run;
      if (!already) createRun(db, run);
    },
    trials: (list) => {
      trials = list.length;
      if (!already) for (const trial of list) putTrial(db, taken!.id, trial);
    },
    events: (list) => {
      if (!already) for (const event of list) putEvent(db, taken!.id, event);
    },
    samples: (piece) => {
      samples += piece.length;
      if (already) return;
      writer ??= createSampleWriter(db, taken!.id, { flushEveryS: Infinity });
      writer.push(piece);
    },
  });
  writer?.close();
  const run = already ? findRun(db, taken!.id)! : taken!;
  return { run, already, trials, samples, profile };
}

function anotherRun(file: string, id: string): LabError {
  return new LabError(
    'incompatible',
    `${file} holds a run ${id}, and another run with that id is here already. Nothing was imported.`,
    `Compare them with crossover runs show ${id}; to take this one instead, remove the other first ` +
      `(crossover runs remove ${id}).`,
  );
}
