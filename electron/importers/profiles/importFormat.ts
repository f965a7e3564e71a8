import type { Reading, SourceFile } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { Span, WindowEnergy } from '#core/meter';
import type { TraceReport } from '#core/traceReport';

/** The beginning of a source, as text, to recognise it by; a file's name says nothing. */
export interface SourceHead {
  /** decoded, without a byte-order mark; a few thousand characters */
  readonly text: string;
  /** true when the file ends within it */
  readonly whole: boolean;
  /** parquet, zip and the like, by their first bytes */
  readonly binary: 'parquet' | 'zip' | 'gzip' | 'other' | null;
}

/** A file to be read: where it is, what it is, and how to be told to stop. */
export interface Source {
  readonly path: string;
  readonly file: SourceFile;
  readonly head: SourceHead;
  readonly signal: AbortSignal;
  /** share done, 0 to 1 */
  readonly progress: (fraction: number) => void;
}

/** A format of queries with their energy, known by its content. */
export interface ImportFormat {
  readonly id: string;
  /** for people: "trial table of the paper" */
  readonly name: string;
  /** how sure it is of a source from its beginning, 0 (not at all) to 1 */
  readonly looks: (head: SourceHead) => number;
  /**
   * @throws LabError "bad-profile" with the reason when the source is not what it looked like; "file-not-readable";
   * "interrupted" when told to stop
   */
  readonly read: (source: Source, options: ImportOptions) => Promise<Reading>;
}

/**
 * A power log: no queries in it, but the energy of any span. Large logs are not held in memory; each call reads what
 * it needs.
 */
export interface PowerLog {
  readonly file: SourceFile;
  readonly format: { readonly id: string; readonly name: string };
  readonly report: TraceReport;
  /** clock of its samples: true when they are s since 1970 */
  readonly dated: boolean;
  /** energy of each span on the log's own clock, by proportional overlap, in the spans' order */
  integrate(spans: readonly Span[], signal: AbortSignal): Promise<readonly WindowEnergy[]>;
  /** at most so many points of mean power over equal steps, for a chart and for the shift of its clock */
  series(
    points: number,
  ): Promise<readonly { readonly startS: number; readonly endS: number; readonly powerW: number }[]>;
}
