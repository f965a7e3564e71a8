/** Reading a study's bundle: the seal first, then every entry against the manifest; nothing is guessed. */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '#core/errors';
import { firstIssues, profileSchema } from '#core/profile';
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
import { fileBytes, zipPieces, type ZipPiece } from '../../files/unzip.ts';

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

type Broken = (reason: string) => LabError;

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
  const first = pieces.next();
  if (first.done === true || first.value.name !== BUNDLE_MANIFEST) {
    throw broken(`it does not begin with ${BUNDLE_MANIFEST}`);
  }
  const manifestText = collect(first.value, pieces, LONGEST_MANIFEST, broken);
  const manifest = parse(manifestText, studyBundleSchema, BUNDLE_MANIFEST, broken);
  const texts = new Map<string, string>();
  const runFiles: string[] = [];
  for (const entry of manifest.entries) {
    const content = entryBytes(pieces, entry, broken);
    if (runOfEntry(entry.name)?.samples === true) runFiles.push(unpack(content, folder, entry.name));
    else texts.set(entry.name, Buffer.concat([...content]).toString('utf8'));
  }
  const more = pieces.next();
  if (more.done !== true)
    throw broken(`it holds ${quoted(more.value.name)}, which its manifest does not name`);
  const read = <S extends z.ZodType>(name: string, schema: S): z.output<S> =>
    parse(texts.get(name) ?? '', schema, name, broken);
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

/** The rest of an entry whose first piece is at hand, as text. */
function collect(first: ZipPiece, pieces: Generator<ZipPiece>, most: number, broken: Broken): string {
  const parts = [first.bytes];
  let length = first.bytes.length;
  for (let { last } = first; !last;) {
    const { value, done } = pieces.next();
    if (done === true || value.name !== first.name) throw broken(`${first.name} is cut short`);
    length += value.bytes.length;
    if (length > most) throw broken(`${first.name} is too long`);
    parts.push(value.bytes);
    last = value.last;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The content of the next entry, which must be the one that the manifest names here, as long and with its hash. */
function* entryBytes(
  pieces: Generator<ZipPiece>,
  { name, bytes, sha256 }: StudyBundleManifest['entries'][number],
  broken: Broken,
): Generator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  for (let last = false; !last;) {
    const { value, done } = pieces.next();
    if (done === true) throw broken(`${name} is missing or cut short`);
    if (value.name !== name) throw broken(`${quoted(value.name)} stands where ${name} belongs`);
    length += value.bytes.length;
    if (length > bytes) throw broken(`${name} is longer than the ${bytes} bytes that its manifest says`);
    hash.update(value.bytes);
    if (value.bytes.length > 0) yield value.bytes;
    last = value.last;
  }
  if (length < bytes) throw broken(`${name} is shorter than the ${bytes} bytes that its manifest says`);
  if (hash.digest('hex') !== sha256) throw broken(`the checksum of ${name} is wrong`);
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

function parse<S extends z.ZodType>(text: string, schema: S, entry: string, broken: Broken): z.output<S> {
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

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
