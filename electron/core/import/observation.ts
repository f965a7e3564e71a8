import type { RailEnergy } from '../meter.ts';
import type { Profile, Rail } from '../profile.ts';

/**
 * What a column of a source can stand for. `output-tokens` came, `output-limit` were asked for; `energy-sd` and
 * `runtime-sd` are sample standard deviations beside means. `ignore` is a column that is not used.
 */
export const COLUMN_ROLES = [
  'input-tokens',
  'output-tokens',
  'output-limit',
  'total-tokens',
  'energy',
  'energy-sd',
  'energy-per-token',
  'power',
  'runtime',
  'runtime-sd',
  'first-token-time',
  'start-time',
  'end-time',
  'phase',
  'iteration',
  'trials',
  'batch',
  'gpus',
  'model',
  'system',
  'idle-energy',
  'ignore',
] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Roles that one column of a table alone can have. */
export const SINGLE_ROLES = [
  'input-tokens',
  'output-tokens',
  'output-limit',
  'total-tokens',
  'runtime',
  'runtime-sd',
  'energy-sd',
  'first-token-time',
  'start-time',
  'end-time',
  'phase',
  'iteration',
  'trials',
  'batch',
  'gpus',
  'model',
  'system',
] as const satisfies readonly ColumnRole[];

/** The units that columns are in; what is read is always J, s, W or a count. */
export const COLUMN_UNITS = [
  'J',
  'mJ',
  'uJ',
  'kJ',
  'Wh',
  'kWh',
  'J/token',
  'W',
  'mW',
  's',
  'ms',
  'us',
  'ns',
  'token',
  'time',
  'count',
  'text',
] as const;
export type ColumnUnit = (typeof COLUMN_UNITS)[number];

/** A column (or a field of JSON, by its path) and how it was understood. */
export interface UnderstoodColumn {
  /** as in the source; a path such as "results[].latency" in JSON */
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: ColumnUnit | null;
  /** the rail, of an energy or a power */
  readonly rail: Rail | null;
  /** how sure: said by the source, guessed from the name or the values, or told by the user */
  readonly how: 'stated' | 'guessed' | 'told';
  /** the first values, as text, for people */
  readonly examples: readonly string[];
}

/**
 * One query, or the mean over several, as a source has it. Whatever the source does not tell is absent. Energies are
 * J as the row has them, for all queries of the row's batch together; the doctor divides.
 */
export interface Observation {
  /** row, record or line of the source, from 1, so that every number can be found again */
  readonly row: number;
  /** input and output tokens of a query; means may be fractions */
  readonly m?: number;
  readonly n?: number;
  /** output tokens that were asked for, where the source tells both; `n` came */
  readonly askedN?: number;
  /** input plus output tokens, where the source has only the sum, or has it too */
  readonly totalTokens?: number;
  readonly energyJ: RailEnergy;
  /** energy of the same span at idle, J, where the source tells it */
  readonly idleJ?: RailEnergy;
  readonly runtimeS?: number;
  readonly firstTokenS?: number;
  /** span on the source's clock, s since 1970 where it has a date; for joining with a power log */
  readonly startS?: number;
  readonly endS?: number;
  /** share of the span that samples cover, 0 to 1, where the energy was integrated from a power log */
  readonly coverage?: number;
  /** trials behind the row: 1, or more for a mean */
  readonly trials: number;
  readonly sdEnergyJ?: number;
  readonly sdRuntimeS?: number;
  /** "inference-A-3", "tokenizer", "model load" */
  readonly phase?: string;
  readonly iteration?: number;
  readonly batch?: number;
  readonly gpus?: number;
  readonly model?: string;
  readonly system?: string;
}

/** Rows that were left out, with the reason as a sentence's end: "42 rows: no output tokens". */
export interface Dropped {
  readonly count: number;
  readonly reason: string;
}

/** Something to know before accepting. `error` stands in the way, `warning` asks for a look, `note` tells. */
export interface ImportFinding {
  /** a stable name for programs, such as "unit-slip", "batch", "truncated", "clock-shift" */
  readonly kind: string;
  readonly level: 'error' | 'warning' | 'note';
  /** a sentence */
  readonly message: string;
  /** what to do, where something is to be done */
  readonly todo?: string;
}

/** What the times of a source count from. */
export interface SourceClock {
  /** `utc`: s since 1970; `local`: a date and time without a zone, read as if it were UTC; `own`: from any origin */
  readonly kind: 'utc' | 'local' | 'own';
  /** how far the times may be off beside the zone, s: a clock that drifts, a time that was written late */
  readonly slackS: number;
}

/** What a source says about where it was measured. */
export interface SourceFacts {
  readonly system?: string;
  readonly hardware?: string;
  readonly model?: string;
  readonly engine?: string;
  readonly precision?: string;
  readonly kvCache?: boolean;
  /** engine, precision and KV cache are those of the format's authors, and the source itself does not tell them */
  readonly conditionsAssumed?: boolean;
  readonly batch?: number;
  readonly gpus?: number;
  /** "H100" and the like, for the rated power */
  readonly device?: string;
  /** whether the energy of a row with a batch is that of one query already; absent: of the whole batch, or not told */
  readonly energyPer?: 'query' | 'batch';
  /** how the energy came about, where it was not measured per query: "computed from J/token × length" */
  readonly energyIs?: 'measured' | 'modelled' | 'estimated';
  readonly licence?: string;
  readonly title?: string;
  readonly authors?: string;
  /** every row is one query, even where it records a batch size above 1 */
  readonly singlePrompts?: boolean;
  /** how the format's own users leave warm-ups out; the user's word stands above it */
  readonly warmUp?: 'none' | 'first' | 'iteration-0';
  /** only rows whose phase contains this are queries */
  readonly phase?: string;
}

/** A file that was read: the name alone, never its folder. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a reader made of a file. */
export interface Reading {
  /** the profile itself, where the file is one or holds one whole: it is then taken as it is */
  readonly profile?: Profile;
  readonly file: SourceFile;
  readonly format: { readonly id: string; readonly name: string };
  readonly columns: readonly UnderstoodColumn[];
  readonly observations: readonly Observation[];
  readonly dropped: readonly Dropped[];
  readonly findings: readonly ImportFinding[];
  readonly facts: SourceFacts;
  /** the clock of the observations' `startS` and `endS`, where they have them; absent: `local` */
  readonly clock?: SourceClock;
}
