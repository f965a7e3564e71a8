import { createReadStream } from 'node:fs';
import type { Rail } from '#core/profile';
import type { TraceReader, TraceSample } from '#core/traceReport';
import { LabError } from '#core/errors';
import type { PowerLog, Source } from '../importFormat.ts';
import { sampledLog, type LogPass } from './sampledLog.ts';

const CHUNK_BYTES = 256 * 1024;

/** A form of power log and its reader, as the meters have them. */
export interface TraceForm {
  readonly id: string;
  readonly name: string;
  readonly reader: () => TraceReader;
}

/**
 * A power log that is read as text, piece by piece.
 * @throws LabError "bad-trace", "file-not-readable", "interrupted"
 */
export function traceLog(
  source: Source,
  form: TraceForm,
  addUp: (rails: readonly Rail[]) => Rail[],
): Promise<PowerLog> {
  const { file, signal } = source;
  const read = (stop: AbortSignal): LogPass => {
    const reader = form.reader();
    return { facts: reader.facts, portions: portionsOf(source, reader, stop) };
  };
  return sampledLog(file, { id: form.id, name: form.name }, read, { signal, addUp });
}

async function* portionsOf(
  source: Source,
  reader: TraceReader,
  stop: AbortSignal,
): AsyncGenerator<readonly TraceSample[]> {
  for await (const text of textPieces(source, stop)) yield reader.push(text);
  yield reader.end();
}

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
