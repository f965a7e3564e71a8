import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { JobContext } from './importJobs.ts';
import { checkReadable, notReadable } from './readable.ts';

/** What tells a file from every other. */
export interface Fingerprint {
  /** without its folder */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal */
  readonly sha256: string;
}

/**
 * Reads files once, piece by piece.
 * @throws LabError "file-not-readable"
 */
export async function fingerprint(
  { files }: { readonly files: readonly string[] },
  { onProgress }: Pick<JobContext, 'onProgress'>,
): Promise<Fingerprint[]> {
  const found: Fingerprint[] = [];
  for (const file of files) {
    await checkReadable(file);
    try {
      const { size } = await stat(file);
      const hash = createHash('sha256');
      let done = 0;
      for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
        hash.update(piece as Buffer);
        done += (piece as Buffer).length;
        onProgress(`reading ${path.basename(file)}`, size === 0 ? 1 : done / size);
      }
      found.push({ name: path.basename(file), bytes: done, sha256: hash.digest('hex') });
    } catch (cause) {
      throw notReadable(file, cause);
    }
  }
  return found;
}
