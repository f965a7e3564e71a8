import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LabError } from '#core/errors';
import { reportTrace, type TraceFacts, type TraceReport, type TraceSample } from '#core/traceReport';
import { recogniseTrace, TRACE_FORMATS, type TraceFormat } from './formats/recognise.ts';

const CHUNK_BYTES = 256 * 1024;

/** A power log that can be read from its start, any number of times, piece by piece. */
export interface TraceFile {
  readonly name: string;
  readonly format: TraceFormat;
  /** Reads the log; the facts are complete when the iteration has ended. */
  read(): { readonly facts: TraceFacts; readonly samples: Iterable<TraceSample> };
}

/**
 * Opens a power log of any known form; it is told by its content.
 * @throws LabError "file-not-readable", or "bad-trace" when it is no power log
 */
export function openTrace(file: string): TraceFile {
  const name = path.basename(file);
  const [head] = chunks(file, name);
  if (head === undefined || head.trim() === '') {
    throw new LabError(
      'bad-trace',
      `${name} is empty.`,
      'Nothing was read. Choose a power log with samples.',
    );
  }
  const format = recogniseTrace(head.replace(/^\uFEFF/, ''));
  if (format === undefined) {
    throw new LabError(
      'bad-trace',
      `${name} is not a power log of a known form.`,
      `Nothing was read. Known are ${TRACE_FORMATS.map((known) => known.name).join('; ')}.`,
    );
  }
  const read = (): ReturnType<TraceFile['read']> => {
    const reader = format.reader();
    return { facts: reader.facts, samples: samplesOf(reader) };
  };
  function* samplesOf(reader: ReturnType<TraceFormat['reader']>): Generator<TraceSample> {
    let first = true;
    for (const chunk of chunks(file, name)) {
      yield* reader.push(first ? chunk.replace(/^\uFEFF/, '') : chunk);
      first = false;
    }
    yield* reader.end();
  }
  return { name, format, read };
}

/**
 * What a power log holds.
 * @throws LabError "file-not-readable", or "bad-trace" when it is no power log or has no sample
 */
export function inspectTrace(file: string): TraceReport {
  const trace = openTrace(file);
  const { facts, samples } = trace.read();
  const sums = reportTrace(trace.format.id);
  for (const sample of samples) sums.add(sample);
  const report = sums.report(facts);
  if (report.samples === 0) throw noSamples(trace);
  return report;
}

/** The error of a log of a known form in which nothing is complete. */
export function noSamples({ name, format }: TraceFile): LabError {
  return new LabError(
    'bad-trace',
    `${name} looks like a power log (${format.name}), but has no complete sample.`,
    'Nothing was read. Check that it was written to its end.',
  );
}

/** The text of a file in pieces. */
function* chunks(file: string, name: string): Generator<string> {
  const handle = tried(name, () => openSync(file, 'r'));
  try {
    if (tried(name, () => fstatSync(handle)).isDirectory()) throw notReadable(name, 'it is a folder');
    const decoder = new StringDecoder('utf8');
    const bytes = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const count = tried(name, () => readSync(handle, bytes, 0, CHUNK_BYTES, null));
      if (count === 0) break;
      yield decoder.write(bytes.subarray(0, count));
    }
    const rest = decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(handle);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'its permissions do not allow it',
  EISDIR: 'it is a folder',
};

function tried<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    throw notReadable(name, REASONS[code] ?? message);
  }
}

function notReadable(name: string, reason: string): LabError {
  return new LabError(
    'file-not-readable',
    `${name} cannot be read: ${reason}.`,
    'Nothing was changed. Check the name.',
  );
}
