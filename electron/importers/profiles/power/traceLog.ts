import type { Rail } from '#core/profile';
import type { TraceReader, TraceSample } from '#core/traceReport';
import type { PowerLog, Source } from '../importFormat.ts';
import { textPieces } from '../textPieces.ts';
import { sampledLog, type LogPass } from './sampledLog.ts';

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
