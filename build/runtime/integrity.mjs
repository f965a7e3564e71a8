// Downloaded files are used only if they are the ones that were tried.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Problem } from './messages.mjs';

/**
 * Refuses a file whose content is not the expected one.
 * @param {string} file
 * @param {string} expected in the form that npm registries publish: `sha512-` and base64
 * @throws {Problem} when the content differs
 */
export async function verifyIntegrity(file, expected) {
  const [algorithm = '', digest] = expected.split('-', 2);
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('base64');
  if (found !== digest) {
    throw new Problem(
      `The downloaded file ${file} is not the expected one (its ${algorithm} is ${found}, not ${digest}), so it is not used. ` +
        'Delete it, check that your npm registry is trustworthy, and try again.',
    );
  }
}
