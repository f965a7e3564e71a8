import type { Reading, SourceClock, SourceFile } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { EnergySample, Span, WindowEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceReport } from '#core/traceReport';
import type { TextEncoding } from './text/decode.ts';

/** The beginning of a source, as text, to recognise it by; a file's name says nothing. */
export interface SourceHead {
  /** decoded, without a byte-order mark; a few thousand characters */
  readonly text: string;
  /** true when the file ends within it */
  readonly whole: boolean;
  /** parquet, zip and the like, by their first bytes */
  readonly binary: 'parquet' | 'zip' | 'gzip' | 'other' | null;
  /** as its first bytes have it; a letter beyond ASCII may come later and tell otherwise */
  readonly encoding: TextEncoding;
}

/** A file to be read: where it is, what it is, and how to be told to stop. `source.ts` makes one. */
export interface Source {
  /** empty when the content is in memory alone, as of a file in an archive */
  readonly path: string;
  readonly file: SourceFile;
  readonly head: SourceHead;
  readonly signal: AbortSignal;
  /** share done, 0 to 1 */
  readonly progress: (fraction: number) => void;
  /**
   * The whole content, decoded (UTF-8, UTF-16, else Windows-1252), without a byte-order mark.
   * @param mostBytes 128 MiB unless said otherwise
   * @throws LabError "bad-profile" when the file is larger; "file-not-readable"; "interrupted"
   */
  readonly text: (mostBytes?: number) => Promise<string>;
  /** the whole content as it is; throws as `text` */
  readonly bytes: (mostBytes: number) => Promise<Uint8Array>;
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
 * it needs. All its times are those of its own clock, whose zero is `originS`.
 */
export interface PowerLog {
  readonly file: SourceFile;
  readonly format: { readonly id: string; readonly name: string };
  /** what it holds as a whole, all its rails included */
  readonly report: TraceReport;
  readonly clock: SourceClock;
  /** s since 1970 of the time 0, by its clock; 0 where it has no date */
  readonly originS: number;
  /** from its first to its last sample */
  readonly span: Span;
  /** the rails that can be added up without counting anything twice; `integrate` and `series` give these alone */
  readonly rails: readonly Rail[];
  /**
   * Energy of each span by proportional overlap, in the spans' order.
   * @throws LabError "interrupted" when told to stop; "file-not-readable"
   */
  integrate(spans: readonly Span[], signal: AbortSignal): Promise<readonly WindowEnergy[]>;
  /**
   * Energy over equal steps of a part of the log, at most so many, for a chart and for the shift of its clock; steps
   * without a sample are left out.
   */
  series(points: number, part: Span, signal: AbortSignal): Promise<readonly EnergySample[]>;
}
