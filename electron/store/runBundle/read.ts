/** Reading a run bundle: every entry is checked against the manifest while it is read, and nothing is guessed. */
import path from 'node:path';
import type { z } from 'zod';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { profileSchema, type Profile } from '#core/profile';
import { runEventSchema, runSchema, type Run, type RunEvent } from '#core/run';
import { LONGEST_MANIFEST, MANIFEST, runBundleSchema, type RunBundleManifest } from '#core/runBundle';
import { trialSchema, type Trial } from '#core/trial';
import {
  entryBytes,
  firstEntry,
  noMoreEntries,
  parseEntry,
  type Broken,
} from '../../files/checkedEntries.ts';
import { zipPieces } from '../../files/unzip.ts';
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
  const broken: Broken = (reason) => badBundle(name, reason);
  const pieces = zipPieces(file, (reason) => broken(`it is no whole zip (${reason})`));
  const manifest = parseEntry(
    firstEntry(pieces, MANIFEST, LONGEST_MANIFEST, broken),
    runBundleSchema,
    MANIFEST,
    broken,
  );
  to.manifest(manifest);
  const hashes = new Map(manifest.entries.map((entry) => [entry.name, entry.sha256]));
  let profile: Profile | undefined;
  for (const entry of manifest.entries) {
    const content = entryBytes(pieces, entry, broken);
    const parsed = <S extends z.ZodType>(schema: S): z.output<S>[] =>
      textOf(content).map((line) => parseEntry(line, schema, entry.name, broken));
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
  noMoreEntries(pieces, broken);
  return profile;
}

/** The lines of an entry; all of them are read, and so checked, before the first is used. */
function textOf(content: Generator<Uint8Array>): string[] {
  const text = Buffer.concat([...content]).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function only<T>(documents: readonly T[], entry: string, broken: Broken): T {
  if (documents.length !== 1) throw broken(`${entry} holds ${documents.length} documents`);
  return documents[0]!;
}

function badBundle(name: string, reason: string): LabError {
  return new LabError(
    'bad-bundle',
    `${name} cannot be imported: ${reason}. Nothing was imported.`,
    'Copy or export it again (crossover runs export); a file that was damaged or packed anew is refused.',
  );
}
