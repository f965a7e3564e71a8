import { open } from 'node:fs/promises';
import type { Rail } from '#core/profile';
import type { PowerLog, Source, SourceHead } from '../importFormat.ts';
import { AIPERF_TELEMETRY, aiperfTelemetryReader } from './aiperfTelemetry.ts';
import { nvidiaSmiLog, type SmiColumns } from './nvidiaSmiLog.ts';
import { traceLog, type TraceForm } from './traceLog.ts';

/** What the meters know of power logs; the lab passes it in, as adapters do not import one another. */
export interface MeterKnowledge {
  /** the form of a power log by its beginning */
  readonly recognise: (head: string) => TraceForm | undefined;
  /** where the columns of a log of nvidia-smi stand */
  readonly smiColumns: (head: string) => SmiColumns;
  /** the rails that can be added up without counting anything twice */
  readonly addUp: (rails: readonly Rail[]) => Rail[];
}

const HEAD_BYTES = 64 * 1024;
/** A log of nvidia-smi from here on is read by DuckDB. */
const LARGE_BYTES = 32 * 1024 * 1024;

/**
 * Opens a power log of any known form, known by its content.
 * @returns undefined when it is none
 * @throws LabError "bad-trace" when it looks like one and has no energy; "file-not-readable"; "interrupted"
 */
export async function openPowerLog(
  source: Source,
  { recognise, smiColumns, addUp }: MeterKnowledge,
  largeBytes = LARGE_BYTES,
): Promise<PowerLog | undefined> {
  const { file, path } = source;
  const head = await headOf(source);
  if (head === undefined) return undefined;
  if (AIPERF_TELEMETRY.test(head.text)) {
    const form = { id: 'aiperf-telemetry', name: 'AIPerf, GPU telemetry', reader: aiperfTelemetryReader };
    return traceLog(source, form, addUp);
  }
  const form = recognise(head.text);
  if (form === undefined) return undefined;
  const byDuckDb =
    form.id === 'nvidia-smi-csv' &&
    file.bytes >= largeBytes &&
    path !== '' &&
    (head.encoding === 'utf-8' || head.encoding === 'windows-1252');
  return byDuckDb ? nvidiaSmiLog(source, smiColumns(head.text)) : traceLog(source, form, addUp);
}

/** The beginning as text. Property lists of powermetrics have a zero between them, which makes them look binary. */
async function headOf({ head, path }: Source): Promise<Pick<SourceHead, 'text' | 'encoding'> | undefined> {
  if (head.binary === null) return head;
  if (head.binary !== 'other' || path === '') return undefined;
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return /^\s*<\?xml[^]*<plist/.test(text) ? { text, encoding: 'utf-8' } : undefined;
  } finally {
    await handle.close();
  }
}
