/** Reading a run bundle: every entry is checked against the manifest while it is read, and nothing is guessed. */
import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { firstIssues, profileSchema, type Profile } from '#core/profile';
import { runEventSchema, runSchema, type Run, type RunEvent } from '#core/run';
import {
  LONGEST_MANIFEST,
  MANIFEST,
  runBundleSchema,
  type RunBundleEntry,
  type RunBundleManifest,
} from '#core/runBundle';
import { trialSchema, type Trial } from '#core/trial';
import { zipPieces, type ZipPiece } from '../../files/unzip.ts';
import { samplePieces } from './samplePieces.ts';
import { contentHash } from './write.ts';

/** Who takes what a bundle holds, in this order. What it throws ends the reading. */
export interface RunTaker {
  manifest(manifest: RunBundleManifest): void;
  run(run: Run): void;
  trials(trials: readonly Trial[]): void;
  events(events: readonly RunEvent[]): void;
  samples(samples: readonly EnergySample[]): void;
}

/**
 * Reads a run bundle from beginning to end, handing over each part once it is checked, the samples piece by piece.
 * Only when this returns is the bundle whole: until then, whoever takes the parts keeps them back.
 * @returns the profile that was made of the run, where the bundle has one
 * @throws LabError "bad-bundle" saying what is wrong with it, "file-not-readable"
 */
export function readRunBundle(file: string, to: RunTaker): Profile | undefined {
  const name = path.basename(file);
  const broken = (reason: string): LabError => badBundle(name, reason);
  const pieces = zipPieces(file, (reason) => broken(`it is no whole zip (${reason})`));
  const manifest = readManifest(pieces, broken);
  to.manifest(manifest);
  const hashes = new Map(manifest.entries.map((entry) => [entry.name, entry.sha256]));
  let profile: Profile | undefined;
  for (const entry of manifest.entries) {
    const content = entryBytes(pieces, entry, broken);
    const parsed = <S extends z.ZodType>(schema: S): z.output<S>[] =>
      textOf(content).map((line) => parse(line, schema, entry.name, broken));
    switch (entry.name) {
      case 'run.json': {
        const run = only(parsed(runSchema), entry.name, broken);
        if (run.id !== manifest.run) throw broken('its run is not that of its manifest');
        if (run.request !== undefined || run.state === 'running') throw broken('its run is under way');
        if (contentHash(run, hashes) !== manifest.content)
          throw broken('its content is not that of its manifest');
        to.run(run);
        break;
      }
      case 'trials.jsonl': {
        const trials = parsed(trialSchema);
        if (trials.some(({ index }, i) => index !== i)) throw broken('its trials are not numbered through');
        to.trials(trials);
        break;
      }
      case 'events.jsonl':
        to.events(parsed(runEventSchema));
        break;
      case 'samples.bin': {
        let count = 0;
        for (const samples of samplePieces(content, broken)) {
          count += samples.length;
          to.samples(samples);
        }
        if (count !== manifest.samples) throw broken(`it has ${count} samples and not ${manifest.samples}`);
        break;
      }
      case 'profile.json':
        profile = only(parsed(profileSchema), entry.name, broken);
        break;
    }
  }
  const more = pieces.next();
  if (more.done !== true)
    throw broken(`it holds ${quoted(more.value.name)}, which its manifest does not name`);
  return profile;
}

function readManifest(pieces: Generator<ZipPiece>, broken: (reason: string) => LabError): RunBundleManifest {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = pieces.next();
    if (done === true || value.name !== MANIFEST) throw broken(`it does not begin with ${MANIFEST}`);
    length += value.bytes.length;
    if (length > LONGEST_MANIFEST) throw broken('its manifest is too long');
    parts.push(value.bytes);
    if (value.last) break;
  }
  const text = Buffer.concat(parts).toString('utf8');
  return parse(text, runBundleSchema, MANIFEST, broken);
}

/** The content of the next entry, which must be the one that the manifest names here, as long and with its hash. */
function* entryBytes(
  pieces: Generator<ZipPiece>,
  { name, bytes, sha256 }: { name: RunBundleEntry; bytes: number; sha256: string },
  broken: (reason: string) => LabError,
): Generator<Uint8Array> {
  const hash: Hash = createHash('sha256');
  let length = 0;
  for (;;) {
    const { value, done } = pieces.next();
    if (done === true) throw broken(`${name} is missing or cut short`);
    if (value.name !== name) throw broken(`${quoted(value.name)} stands where ${name} belongs`);
    length += value.bytes.length;
    if (length > bytes) throw broken(`${name} is longer than the ${bytes} bytes that its manifest says`);
    hash.update(value.bytes);
    if (value.bytes.length > 0) yield value.bytes;
    if (value.last) break;
  }
  if (length < bytes) throw broken(`${name} is shorter than the ${bytes} bytes that its manifest says`);
  if (hash.digest('hex') !== sha256) throw broken(`the checksum of ${name} is wrong`);
}

/** The lines of an entry; all of them are read, and so checked, before the first is used. */
function textOf(content: Generator<Uint8Array>): string[] {
  const text = Buffer.concat([...content]).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function parse<S extends z.ZodType>(
  text: string,
  schema: S,
  entry: string,
  broken: (reason: string) => LabError,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(`${entry} is not readable`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw broken(`${entry}: ${firstIssues(result.error)}`);
}

function only<T>(documents: readonly T[], entry: string, broken: (reason: string) => LabError): T {
  if (documents.length !== 1) throw broken(`${entry} holds ${documents.length} documents`);
  return documents[0]!;
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

function badBundle(name: string, reason: string): LabError {
  return new LabError(
    'bad-bundle',
    `${name} cannot be imported: ${reason}. Nothing was imported.`,
    'Copy or export it again (crossover runs export); a file that was damaged or packed anew is refused.',
  );
}
