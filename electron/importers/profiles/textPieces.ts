import { createReadStream } from 'node:fs';
import { LabError } from '#core/errors';
import type { Source } from './importFormat.ts';

const CHUNK_BYTES = 256 * 1024;
/** No record of a request is longer; what is, is none. */
const LONGEST_LINE = 32 * 1024 * 1024;

/**
 * The text of a file, piece by piece, without a byte-order mark.
 * @throws LabError "file-not-readable", "interrupted"
 */
export async function* textPieces(source: Source, stop: AbortSignal): AsyncGenerator<string> {
  const { file, head, path, progress } = source;
  if (path === '') {
    yield await source.text();
    return;
  }
  const decoder = new TextDecoder(head.encoding);
  let done = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal: stop })) {
      done += (piece as Buffer).length;
      progress(Math.min(1, done / file.bytes));
      yield decoder.decode(piece as Buffer, { stream: true });
    }
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    if (stop.aborted) {
      throw new LabError('interrupted', `Reading ${file.name} was stopped. Nothing was kept of it.`);
    }
    throw new LabError(
      'file-not-readable',
      `${file.name} cannot be read: ${(cause as Error).message}.`,
      'Nothing was changed. Check the name.',
      { cause },
    );
  }
  yield decoder.decode();
}

/** A line of a text; the last one may have no end. */
export interface Line {
  readonly text: string;
  readonly whole: boolean;
}

/**
 * Cuts text that comes in pieces into lines, without their ends.
 * @throws LabError "bad-profile" when a line is far longer than a record
 */
export async function* linesOf(
  pieces: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<Line> {
  let open = '';
  const bare = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
  for await (const piece of pieces) {
    const lines = (open + piece).split('\n');
    open = lines.pop()!;
    if (open.length > LONGEST_LINE) {
      throw new LabError(
        'bad-profile',
        `${name} has a line of more than 32 million characters, so it is no log of requests.`,
        'Nothing was read from it. Check that it is the file as its tool wrote it.',
      );
    }
    for (const text of lines) yield { text: bare(text), whole: true };
  }
  if (open !== '') yield { text: bare(open), whole: false };
}
