/** A stored run as the bytes of a bundle; the form is in core/runBundle.ts. */
import { strToU8, zipSync, type Zippable, type ZipOptions } from 'fflate';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import type { Run, RunState } from '#core/run';
import {
  longest,
  MANIFEST,
  MOST_IN_PIECE,
  type RunBundleEntry,
  type RunBundleManifest,
} from '#core/runBundle';
import { canonicalJson, sha256 } from '../content.ts';
import { listEvents } from '../events.ts';
import { findProfile, profileOfRun } from '../profiles.ts';
import { findRun } from '../runs.ts';
import { encodeSamples } from '../sampleChunk.ts';
import { readSamples, sampleExtent } from '../sampleReader.ts';
import type { ReadDb } from '../sqlite.ts';
import { guarded } from '../storeError.ts';
import { listTrials } from '../trials.ts';

/** A run bundle and what its manifest says. */
export interface RunBundle {
  readonly bytes: Uint8Array;
  readonly manifest: RunBundleManifest;
}

/** The same for every bundle, so that the same run gives the same bytes: a zip cannot do without. */
const PACKED: ZipOptions = { mtime: new Date(1980, 0, 1), level: 6, os: 3, attrs: 0o644 << 16 };

/**
 * A stored run as a bundle, from one state of the database.
 * @param state the run's state as it is, where it is stored as running and its program has died
 * @returns undefined when there is no such run
 * @throws LabError "bad-setting" when it is under way, or longer than a bundle may be; "database-damaged"
 */
export function makeRunBundle(
  db: ReadDb,
  id: string,
  state: RunState | undefined = findRun(db, id)?.state,
): RunBundle | undefined {
  return guarded(db.name, () =>
    db.transaction(() => {
      const run = findRun(db, id);
      if (run === undefined || state === undefined) return undefined;
      if (state === 'running') throw underWay(id);
      return pack(db, { ...run, state });
    })(),
  );
}

/** The content hash of a stored run, as its bundle would have it; undefined when there is no such run. */
export function storedContentHash(db: ReadDb, id: string): string | undefined {
  const run = findRun(db, id);
  return run && contentHash(run, hashesOf(measuredEntries(db, run)));
}

/** A run as it travels: what was asked for stays at home, since only there it can be gone on with. */
export function travelling(run: Run): Run {
  const rest = { ...run };
  delete rest.request;
  return rest;
}

/**
 * What tells a run's content from any other's: everything but the name and note that its user gave it.
 * @param hashes SHA-256 of the other entries, by their names
 */
export function contentHash(run: Run, hashes: ReadonlyMap<string, string>): string {
  const entries = (['trials.jsonl', 'events.jsonl', 'samples.bin'] as const).map((name) => hashes.get(name));
  return sha256(canonicalJson([{ ...travelling(run), name: '', note: '' }, ...entries]));
}

function pack(db: ReadDb, run: Run): RunBundle {
  const entries = measuredEntries(db, run);
  const content = contentHash(run, hashesOf(entries));
  // That of a shard is part of one only, which is made where the shards come together.
  const profile = run.plan.shard === undefined ? profileOfRun(db, run.id) : undefined;
  if (profile !== undefined) entries.set('profile.json', lines([findProfile(db, profile)!.profile]));
  for (const [name, { length }] of entries) if (length > longest(name)) throw tooLong(run.id, name);
  const hashes = hashesOf(entries);
  const manifest: RunBundleManifest = {
    format: 'crossover-run-bundle',
    version: 1,
    run: run.id,
    content,
    samples: sampleExtent(db, run.id)?.samples ?? 0,
    entries: [...entries].map(([name, { length }]) => ({ name, bytes: length, sha256: hashes.get(name)! })),
  };
  // The manifest comes first and lies open, so that the file can be told by its first bytes.
  const files: Zippable = { [MANIFEST]: [lines([manifest]), { ...PACKED, level: 0 }] };
  for (const [name, bytes] of entries) files[name] = [bytes, PACKED];
  return { bytes: zipSync(files), manifest };
}

function measuredEntries(db: ReadDb, run: Run): Map<RunBundleEntry, Uint8Array> {
  return new Map([
    ['run.json', lines([travelling(run)])],
    ['trials.jsonl', lines(listTrials(db, run.id))],
    ['events.jsonl', lines(listEvents(db, run.id))],
    ['samples.bin', samplesAsBytes(readSamples(db, run.id))],
  ]);
}

function hashesOf(entries: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map([...entries].map(([name, bytes]) => [name, sha256(bytes)]));
}

function lines(documents: readonly unknown[]): Uint8Array {
  return strToU8(documents.map((document) => `${canonicalJson(document)}\n`).join(''));
}

/** Samples in pieces of the same number each, so that they are the same bytes however they were stored. */
function samplesAsBytes(samples: Iterable<EnergySample>): Uint8Array {
  const parts: Uint8Array[] = [];
  let piece: EnergySample[] = [];
  const close = (): void => {
    if (piece.length === 0) return;
    const bytes = encodeSamples(piece);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
    piece = [];
  };
  for (const sample of samples) {
    piece.push(sample);
    if (piece.length >= MOST_IN_PIECE) close();
  }
  close();
  return Buffer.concat(parts);
}

function underWay(id: string): LabError {
  return new LabError(
    'bad-setting',
    `The run ${id} is under way, so it was not exported: what it has now is not all of it.`,
    'Wait until it has ended, or pause it.',
  );
}

function tooLong(id: string, entry: string): LabError {
  return new LabError(
    'bad-setting',
    `The run ${id} is too long for a bundle (${entry}), so it was not exported.`,
    'crossover runs samples prints its samples; the database itself can be copied as a file.',
  );
}
