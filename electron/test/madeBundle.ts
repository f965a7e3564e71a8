/** Run bundles for tests: of made-up runs, and forged ones. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { canonicalJson } from '#core/canonicalJson';
import type { Run, RunEvent } from '#core/run';
import { MANIFEST, type RunBundleManifest } from '#core/runBundle';
import { profileFromRun } from '#core/runProfile';
import { openForWriting } from '../store/database.ts';
import { listEvents, putEvent } from '../store/events.ts';
import { findProfile, profileOfRun, putMeasuredProfile } from '../store/profiles.ts';
import { makeRunBundle } from '../store/runBundle/write.ts';
import { createRun, findRun } from '../store/runs.ts';
import { readSamples, readSeries } from '../store/sampleReader.ts';
import { createSampleWriter } from '../store/samples.ts';
import type { WriteDb } from '../store/sqlite.ts';
import { listTrials, putTrial } from '../store/trials.ts';
import { madeRun, madeTrial } from './madeRun.ts';
import { steadySamples } from './madeSamples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export const IDLE: RunEvent = { atS: 0, kind: 'idle', message: 'idle at 3 W', idleW: { cpu: 1, gpu: 2 } };
export const TRIALS = [0, 1, 2, 3].map((index) =>
  madeTrial({ index, m: 8, n: 32, energyJ: { cpu: 1 + index / 3, gpu: 10 }, runtimeS: 1 + index / 7 }),
);

/** Stores a run as a measurement does. */
export function stored(
  db: WriteDb,
  { run = madeRun({ state: 'done' }), trials = TRIALS, events = [IDLE], samples = steadySamples(5000) } = {},
): Run {
  db.transaction(() => {
    createRun(db, run);
    const writer = createSampleWriter(db, run.id);
    writer.push(samples);
    writer.close();
    for (const trial of trials) putTrial(db, run.id, trial);
    for (const event of events) putEvent(db, run.id, event);
    const profile = profileFromRun(run, trials);
    if (profile !== undefined) putMeasuredProfile(db, profile, run.id);
  })();
  return run;
}

export function fresh(): WriteDb {
  return openForWriting(temporaryFolder());
}

/** A bundle's file. */
export function saved(bytes: Uint8Array, name = 'run.crossover-run.zip'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

/** All that a database knows of a run. */
export function everything(db: WriteDb, id: string) {
  const profile = profileOfRun(db, id);
  const found = profile === undefined ? undefined : findProfile(db, profile);
  return {
    run: findRun(db, id),
    trials: listTrials(db, id),
    events: listEvents(db, id),
    samples: [...readSamples(db, id)],
    profile: found && { contentHash: found.contentHash, profile: found.profile },
    power: readSeries(db, id, { points: 50 }),
  };
}

/** How much a database holds, to see that nothing was added. */
export const rowsIn = (db: WriteDb): unknown[] =>
  ['run', 'trial', 'run_event', 'sample_chunk', 'sample_level', 'profile', 'content'].map((table) =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
  );

/** The entries of a bundle, unpacked; each call has its own. */
const entriesOfOne = (() => {
  let bytes: Uint8Array | undefined;
  return (): Record<string, Uint8Array> => {
    if (bytes === undefined) {
      const db = fresh();
      bytes = makeRunBundle(db, stored(db).id)!.bytes;
      db.close();
    }
    return unzipSync(bytes);
  };
})();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A bundle with some of its entries changed; the manifest says what they are now, unless it is left alone. */
export function forged(
  change: (entries: Record<string, Uint8Array>) => void,
  {
    honest = true,
    level = 6 as const,
    manifest = undefined as ((text: RunBundleManifest) => void) | undefined,
  } = {},
): Uint8Array {
  const entries = entriesOfOne();
  const text = JSON.parse(Buffer.from(entries[MANIFEST]!).toString()) as RunBundleManifest;
  change(entries);
  if (honest) {
    const named = text.entries as { name: string; bytes: number; sha256: string }[];
    for (const entry of named) {
      const bytes = entries[entry.name];
      if (bytes !== undefined) Object.assign(entry, { bytes: bytes.length, sha256: sha256(bytes) });
    }
  }
  manifest?.(text);
  // Its place in the order stays, whatever it says.
  const files: Zippable = { ...entries, [MANIFEST]: strToU8(JSON.stringify(text)) };
  return zipSync(files, { level });
}

/** Changes an entry's text. */
export const edit =
  (name: string, change: (text: string) => string) => (entries: Record<string, Uint8Array>) => {
    entries[name] = strToU8(change(Buffer.from(entries[name]!).toString()));
  };
/** Changes one bit of an entry. */
export const flip = (name: string, at: number) => (entries: Record<string, Uint8Array>) => {
  const bytes = entries[name]!.slice();
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  entries[name] = bytes;
};

/** Says the content hash of what the entries are now. */
export function contentOf(text: RunBundleManifest): void {
  const run = JSON.parse(Buffer.from(entriesOfOne()['run.json']!).toString()) as Run;
  const hashes = ['trials.jsonl', 'events.jsonl', 'samples.bin'].map(
    (name) => text.entries.find((entry) => entry.name === name)!.sha256,
  );
  text.content = sha256(strToU8(canonicalJson([{ ...run, name: '', note: '' }, ...hashes])));
}
