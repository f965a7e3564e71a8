/** What dropped files are, so that they come to whom they are for: told by their content, not by their names. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { FileKind } from '#core/fileKind';
import { looksLikeRunBundle } from '#core/runBundle';
import { looksLikeStudyBundle, STUDY_BUNDLE_ENDING } from '#core/studyBundle';
import { looksLikeJob } from '../importers/profiles/jobInfo.ts';
import { recogniseFormat } from '../importers/profiles/registry.ts';
import { memorySource } from '../importers/profiles/source.ts';
import { checkReadable, notReadable } from '../importers/readable.ts';
import { recogniseTrace } from '../meters/formats/recognise.ts';

const HEAD_BYTES = 64 * 1024;
/** A format that is surer of a file than any table of unknown columns is believed. */
const SURE = 0.5;
/** A name of a column or a field that has to do with energy. */
const ENERGY = /energ|joule|power|watt|_u?m?j\b|kwh/i;
/** Fields that hold texts or chats. */
const TEXTS = /"(?:instruction|conversations?|messages|prompt|text|question|answer|completion)"\s*:/;

/**
 * What files that were brought together are. One with energies makes all of them a profile: a power log and its
 * requests belong together.
 * @throws LabError "file-not-readable"
 */
export async function recogniseFiles(files: readonly string[]): Promise<FileKind> {
  const kinds = new Set<FileKind>();
  for (const file of files) kinds.add(await recogniseFile(file));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : 'profile';
}

async function recogniseFile(file: string): Promise<FileKind> {
  const { head, tail } = await ends(file);
  if (head.subarray(0, 4).toString('latin1') === 'GGUF') return 'model';
  if (looksLikeRunBundle(head)) return 'runs';
  // One that is damaged at its beginning is called by its name, so that it is said what is wrong with it.
  if (looksLikeStudyBundle(head) || file.endsWith(STUDY_BUNDLE_ENDING)) return 'study';
  // The names of a Parquet file's columns are at its end.
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    return ENERGY.test(tail.toString('latin1')) ? 'profile' : 'workload';
  }
  // Only the beginning is decoded here: its hash and size are of no use.
  const source = memorySource(path.basename(file), head);
  const text = source.head.binary === null ? source.head.text : head.toString('utf8');
  if (recogniseTrace(text) !== undefined || looksLikeJob(source.head)) return 'profile';
  const format = recogniseFormat(source.head);
  if (format !== undefined && format.looks(source.head) > SURE) {
    return format.id === 'azure-trace' ? 'workload' : 'profile';
  }
  if (source.head.binary !== null && source.head.binary !== 'gzip') return 'profile';
  if (/^\s*[[{]/.test(text)) {
    const fields = [...text.matchAll(/"([^"\n]{1,100})"\s*:/g)].map(([, name]) => name!);
    if (TEXTS.test(text)) return 'workload';
    return fields.some((name) => ENERGY.test(name)) ? 'profile' : 'workload';
  }
  const [header = ''] = text.split('\n', 1);
  return format === undefined || ENERGY.test(header) ? 'profile' : 'workload';
}

async function ends(file: string): Promise<{ head: Buffer; tail: Buffer }> {
  await checkReadable(file);
  try {
    const handle = await open(file);
    try {
      const facts = await handle.stat();
      const part = async (from: number): Promise<Buffer> => {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, from);
        return buffer.subarray(0, bytesRead);
      };
      return { head: await part(0), tail: await part(Math.max(0, facts.size - HEAD_BYTES)) };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw notReadable(file, cause);
  }
}
