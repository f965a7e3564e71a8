import { createHash } from 'node:crypto';
import { policyDocument } from '#core/deploy/policyDocument';
import { LabError } from '#core/errors';
import { ANALYSIS_VERSION } from '#core/study';
import {
  BUNDLE_MANIFEST,
  longestEntry,
  SEAL_LENGTH,
  SEAL_PREFIX,
  type StudyBundleManifest,
} from '#core/studyBundle';
import { zipFiles } from '../../files/zip.ts';
import { canonicalJson, sha256 } from '../../store/content.ts';
import { makeRunBundle, travelling } from '../../store/runBundle/write.ts';
import type { ReadDb } from '../../store/sqlite.ts';
import type { StoredStudy } from '../../store/studies.ts';
import { reportOf } from '../reportOf.ts';
import { runsOfProfile } from './profileRuns.ts';

/** A bundle and what its manifest says. */
export interface StudyBundle {
  readonly bytes: Uint8Array;
  readonly manifest: StudyBundleManifest;
}

/**
 * A stored study as one file that others can check, see core/studyBundle.ts.
 * @param samples whether the raw samples of what was measured come with it
 * @throws LabError "bad-setting" when it is larger than a bundle may be
 */
export function makeStudyBundle(
  db: ReadDb,
  stored: StoredStudy,
  { samples = false, crossover }: { samples?: boolean; crossover: string },
): StudyBundle {
  const { study, inputs, title } = stored;
  const notes: string[] = [];
  const entries = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array): void =>
    void entries.set(name, typeof content === 'string' ? Buffer.from(content) : content);
  put('study.json', canonicalJson({ ...study, title }));
  put('small.json', canonicalJson(inputs.small));
  put('large.json', canonicalJson(inputs.large));
  put('workload.json', canonicalJson(inputs.workload));
  put('report.json', JSON.stringify(reportOf(stored, crossover)));
  try {
    put('policy.json', JSON.stringify(policyDocument(study, inputs, { title, crossover })));
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    notes.push(thrown.message);
  }
  for (const profile of [inputs.small, inputs.large]) {
    const { runs, why } = runsOfProfile(db, profile);
    if (why !== undefined) notes.push(why);
    for (const { run, trials, events } of runs) {
      if (samples) put(`runs/${run.id}.crossover-run.zip`, makeRunBundle(db, run.id, run.state)!.bytes);
      else put(`runs/${run.id}.json`, canonicalJson({ run: travelling(run), trials, events }));
    }
  }
  for (const [name, { length }] of entries) if (length > longestEntry(name)) throw tooLong(study.id, name);
  const manifest: StudyBundleManifest = {
    format: 'crossover-bundle',
    version: 1,
    study: study.id,
    title,
    crossover,
    analysis: ANALYSIS_VERSION,
    samples: samples && [...entries.keys()].some((name) => name.endsWith('.zip')),
    notes,
    entries: [...entries].map(([name, content]) => ({
      name,
      bytes: content.length,
      sha256: sha256(content),
    })),
  };
  const packed = zipFiles([
    { name: BUNDLE_MANIFEST, content: canonicalJson(manifest), open: true },
    // What is packed already is not packed again.
    ...[...entries].map(([name, content]) => ({ name, content, open: name.endsWith('.zip') })),
  ]);
  return { bytes: sealed(packed), manifest };
}

/**
 * A zip with the SHA-256 of everything before it as its comment. The last two bytes of a zip without a comment tell
 * that there is none.
 */
export function sealed(zip: Uint8Array): Uint8Array {
  const file = Buffer.alloc(zip.length + SEAL_LENGTH);
  file.set(zip);
  file.writeUInt16LE(SEAL_LENGTH, zip.length - 2);
  const hash = createHash('sha256').update(file.subarray(0, zip.length)).digest('hex');
  file.write(SEAL_PREFIX + hash, zip.length, 'latin1');
  return file;
}

function tooLong(id: string, entry: string): LabError {
  return new LabError(
    'bad-setting',
    `The study ${id} is too large for a bundle (${entry}), so none was written.`,
    'Write it without raw samples; runs can be exported by themselves with crossover runs export.',
  );
}
