/** Reading a study's bundle: the seal first, then every entry against the manifest; nothing is guessed. */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '#core/errors';
import { profileSchema } from '#core/profile';
import { runEventSchema, runSchema } from '#core/run';
import { settingsSchema, type Study, type StudyInputs } from '#core/study';
import {
  BUNDLE_MANIFEST,
  runOfEntry,
  SEAL_LENGTH,
  SEAL_PREFIX,
  studyBundleSchema,
  type StudyBundleManifest,
} from '#core/studyBundle';
import { LONGEST_MANIFEST } from '#core/runBundle';
import { studyResultSchema } from '#core/studyResultSchema';
import { trialSchema } from '#core/trial';
import { workloadSchema } from '#core/workload';
import {
  entryBytes,
  firstEntry,
  noMoreEntries,
  parseEntry,
  type Broken,
} from '../../files/checkedEntries.ts';
import { fileBytes, zipPieces } from '../../files/unzip.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const studySchema = z.strictObject({
  id: z.string(),
  settings: settingsSchema,
  hashes: z.strictObject({ small: sha256, large: sha256, workload: sha256 }),
  result: studyResultSchema,
  title: z.string(),
});
const runDocumentSchema = z.strictObject({
  run: runSchema,
  trials: z.array(trialSchema),
  events: z.array(runEventSchema),
});
export type RunDocument = z.output<typeof runDocumentSchema>;

/** What a bundle holds, each part of the right form; whether its numbers hold is another question. */
export interface ReadBundle {
  readonly manifest: StudyBundleManifest;
  readonly study: Study;
  readonly title: string;
  readonly inputs: StudyInputs;
  /** the result, the report and the policy as they stand in the file */
  readonly stated: { readonly result: unknown; readonly report: unknown; readonly policy: unknown };
  /** runs without their samples */
  readonly runs: readonly RunDocument[];
  /** run bundles, unpacked into a folder that is gone when the work has ended */
  readonly runFiles: readonly string[];
}

/** What is needed of a bundle to take it in, once it is verified. */
export type TakeableBundle = Omit<ReadBundle, 'stated'>;

/**
 * Reads a bundle and works with it.
 * @param refusal how it goes on after "because …": "Nothing was imported."
 * @throws LabError "bad-bundle" saying what is wrong with it, "file-not-readable", or what `work` throws
 */
export async function withStudyBundle<T>(
  file: string,
  refusal: string,
  work: (bundle: ReadBundle) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bundle-'));
  try {
    return await work(readStudyBundle(file, refusal, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The same, with the folder for the run bundles, which the caller removes.
 * @param onProgress told the share of the file whose seal was checked, 0 to 1
 * @throws LabError as `withStudyBundle`
 */
export function readStudyBundle(
  file: string,
  refusal: string,
  folder: string,
  onProgress: (fraction: number) => void = () => {},
): ReadBundle {
  const name = path.basename(file);
  const broken = (reason: string): LabError =>
    new LabError(
      'bad-bundle',
      `${name} is no sound bundle of a study: ${reason}. ${refusal}`,
      'Get it again from where it came from; a file that was damaged, changed or packed anew is refused.',
    );
  checkSeal(file, broken, onProgress);
  return readEntries(file, folder, broken);
}

/** @throws what `broken` makes of a file whose seal is not that of what stands before it */
function checkSeal(file: string, broken: Broken, onProgress: (fraction: number) => void): void {
  const size = Math.max(1, statSync(file, { throwIfNoEntry: false })?.size ?? 1);
  let done = 0;
  const hash = createHash('sha256');
  let tail = Buffer.alloc(0);
  for (const bytes of fileBytes(file, 1024 * 1024)) {
    const joined = Buffer.concat([tail, bytes]);
    const keep = Math.max(0, joined.length - SEAL_LENGTH);
    hash.update(joined.subarray(0, keep));
    tail = joined.subarray(keep);
    done += bytes.length;
    onProgress(Math.min(1, done / size));
  }
  const seal = tail.toString('latin1');
  if (!seal.startsWith(SEAL_PREFIX))
    throw broken('it has no seal at its end, so it is cut, or something else');
  if (seal.slice(SEAL_PREFIX.length) !== hash.digest('hex')) {
    throw broken('its seal is broken: at least one byte is not as it was written');
  }
}

function readEntries(file: string, folder: string, broken: Broken): ReadBundle {
  const pieces = zipPieces(file, (reason) => broken(`it is no whole zip (${reason})`));
  const manifestText = firstEntry(pieces, BUNDLE_MANIFEST, LONGEST_MANIFEST, broken);
  const manifest = parseEntry(manifestText, studyBundleSchema, BUNDLE_MANIFEST, broken);
  const texts = new Map<string, string>();
  const runFiles: string[] = [];
  for (const entry of manifest.entries) {
    const content = entryBytes(pieces, entry, broken);
    if (runOfEntry(entry.name)?.samples === true) runFiles.push(unpack(content, folder, entry.name));
    else texts.set(entry.name, Buffer.concat([...content]).toString('utf8'));
  }
  noMoreEntries(pieces, broken);
  const read = <S extends z.ZodType>(name: string, schema: S): z.output<S> =>
    parseEntry(texts.get(name) ?? '', schema, name, broken);
  const { title, ...study } = read('study.json', studySchema);
  if (study.id !== manifest.study) throw broken('its study is not that of its manifest');
  return {
    manifest,
    study,
    title,
    inputs: {
      small: read('small.json', profileSchema),
      large: read('large.json', profileSchema),
      workload: read('workload.json', workloadSchema),
    },
    stated: {
      result: read('study.json', z.object({ result: z.unknown() })).result,
      report: read('report.json', z.unknown()),
      policy: texts.has('policy.json') ? read('policy.json', z.unknown()) : undefined,
    },
    runs: [...texts.keys()]
      .filter((name) => runOfEntry(name) !== undefined)
      .map((name) => {
        const document = read(name, runDocumentSchema);
        if (document.run.id !== runOfEntry(name)!.run) throw broken(`${name} holds another run`);
        return document;
      }),
    runFiles,
  };
}

/** Writes an entry into the folder; its name was checked, and has one folder before it. */
function unpack(content: Generator<Uint8Array>, folder: string, name: string): string {
  const file = path.join(folder, path.basename(name));
  const handle = openSync(file, 'wx');
  try {
    for (const bytes of content) writeSync(handle, bytes);
  } finally {
    closeSync(handle);
  }
  return file;
}
