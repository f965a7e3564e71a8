import { z } from 'zod';
import { LabError } from './errors.ts';
import { firstIssues, type Axis } from './profile.ts';
import { sum, weightedMean, weightedQuantile, type Weighted } from './statistics.ts';

const tokenCount = z.number().int().nonnegative();

/** When the queries of a trace came in. */
export const arrivalsSchema = z.strictObject({
  /** queries with an arrival time, at least 2 */
  queries: z.number().int().min(2),
  /** from the first arrival to the last, s */
  spanS: z.number().nonnegative().finite(),
  /** mean rate, queries/s: intervals divided by the span; null where all came at one time */
  ratePerS: z.number().positive().finite().nullable(),
  /** most queries in a minute, the minutes counted from the first arrival */
  peakPerMinute: z.number().int().positive(),
  /**
   * burstiness: standard deviation of the times between arrivals, divided by their mean. 0 is a clock, 1 a Poisson
   * process, more is bursts; null where all came at one time or there is one interval only
   */
  gapCv: z.number().nonnegative().finite().nullable(),
  /** the first arrival, ISO 8601 in UTC; null where the trace has times of its own */
  startsAt: z.string().nullable(),
});
export type Arrivals = z.output<typeof arrivalsSchema>;

/** From what an imported workload was made, and how: enough to make it again. */
export const provenanceSchema = z.strictObject({
  /** names without folders */
  files: z.array(
    z.strictObject({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() }),
  ),
  /** id of the format that was recognised, or chosen */
  format: z.string(),
  /** the columns that were used */
  columns: z.array(z.strictObject({ name: z.string(), role: z.string() })),
  /** SHA-256 of a tokenizer of the user's own */
  tokenizerSha256: z.string().optional(),
  /** rows, records or conversations that were read */
  rows: z.number().int().nonnegative(),
  dropped: z.array(z.strictObject({ count: z.number().int().positive(), reason: z.string() })),
  warnings: z.array(z.strictObject({ kind: z.string(), message: z.string() })),
});
export type Provenance = z.output<typeof provenanceSchema>;

export const workloadSchema = z.strictObject({
  format: z.literal('crossover-workload'),
  version: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'an id has lower-case letters, digits, dots and dashes only'),
  name: z.string().min(1),
  /** true when the counts are not those of real queries one by one */
  modelled: z.boolean(),
  /** the tokenizer that counted, null where the source published counts */
  tokenizer: z.string().nullable(),
  licence: z.string().min(1),
  source: z.string().min(1),
  upstream: z.string().min(1),
  note: z.string(),
  /** [input tokens m, output tokens n, number (or weight) of queries] */
  pairs: z.array(z.tuple([tokenCount, tokenCount, z.number().positive().finite()])).min(1),
  arrivals: arrivalsSchema.optional(),
  provenance: provenanceSchema.optional(),
});

/** A workload: how many queries have m input and n output tokens. */
export type Workload = z.output<typeof workloadSchema>;

/**
 * Validates the content of a workload file.
 * @param document parsed JSON
 * @param where the file's name, for the message
 * @throws LabError "bad-workload" naming the first fields that are wrong
 */
export function parseWorkload(document: unknown, where: string): Workload {
  const result = workloadSchema.safeParse(document);
  if (result.success) return result.data;
  throw new LabError(
    'bad-workload',
    `${where} is not a Crossover workload: ${firstIssues(result.error)}.`,
    'Nothing was read from it. Mend the file; profiles/README.md describes the form.',
  );
}

/** Number of queries; fractional where the workload is modelled. */
export function queryCount(workload: Pick<Workload, 'pairs'>): number {
  return sum(workload.pairs.map(([, , count]) => count));
}

/** The distribution of one axis: [tokens, number of queries], in ascending order of tokens. */
export function marginal(workload: Workload, axis: Axis): Weighted[] {
  const counts = new Map<number, number>();
  for (const [m, n, count] of workload.pairs) {
    const length = axis === 'input' ? m : n;
    counts.set(length, (counts.get(length) ?? 0) + count);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** Location and spread of token counts. Percentiles are R's type 7. */
export interface LengthSummary {
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly p5: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Summary of one axis of a workload, in tokens. */
export function summarise(lengths: readonly Weighted[]): LengthSummary {
  const mean = weightedMean(lengths);
  const total = sum(lengths.map(([, count]) => count));
  const squares = sum(lengths.map(([value, count]) => count * (value - mean) ** 2));
  const at = (p: number): number => weightedQuantile(lengths, p);
  return {
    mean,
    sd: Math.sqrt(squares / Math.max(1, total - 1)),
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
}

/** Correlation (Pearson) of input and output tokens over the queries. */
export function lengthCorrelation(workload: Workload): number {
  const mean = {
    m: weightedMean(workload.pairs.map(([m, , count]) => [m, count])),
    n: weightedMean(workload.pairs.map(([, n, count]) => [n, count])),
  };
  const moment = (of: (dm: number, dn: number) => number): number =>
    sum(workload.pairs.map(([m, n, count]) => count * of(m - mean.m, n - mean.n)));
  return moment((dm, dn) => dm * dn) / Math.sqrt(moment((dm) => dm * dm) * moment((_, dn) => dn * dn));
}

/** A bin of a histogram on a log axis: tokens from `from` up to, not including, `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly queries: number;
  /** share of all queries, 0 to 1 */
  readonly share: number;
}

/**
 * Histogram in equal steps of log2 tokens. Bins begin at `from` tokens, so that two workloads' bins can be laid
 * over each other; bins too narrow to hold a whole number of tokens are merged into their neighbours.
 * @param perOctave bins for each doubling
 * @param from at least 1; shorter lengths count in the first bin
 */
export function logHistogram(lengths: readonly Weighted[], perOctave = 4, from = 1): Bin[] {
  const last = lengths.at(-1);
  if (last === undefined) return [];
  const total = sum(lengths.map(([, count]) => count));
  const edges = [from];
  for (let step = 1; edges.length < 2 || edges.at(-1)! <= last[0]; step++) {
    const edge = Math.ceil(from * 2 ** (step / perOctave));
    if (edge > edges.at(-1)!) edges.push(edge);
  }
  return edges.slice(0, -1).map((low, index) => {
    const high = edges[index + 1]!;
    const queries = sum(
      lengths.filter(([value]) => (value >= low || index === 0) && value < high).map(([, count]) => count),
    );
    return { from: low, to: high, queries, share: queries / total };
  });
}
