/** Adds up token counts inside DuckDB: tables of any length in bounded memory. */
import type { Weighted } from '#core/statistics';
import { PER_SECOND, type ArrivalSums } from '#core/workloadImport/arrivals';
import { faultReason, MOST_QUERIES, MOST_TOKENS, type CountFault } from '#core/workloadImport/counts';
import { COARSE_BITS, MOST_PAIRS, type Coarsening, type Pair } from '#core/workloadImport/joint';
import { DropCounter } from '#core/workloadImport/reasons';
import type { Understanding } from '#core/workloadImport/understand';
import type { Duck } from '../duck.ts';
import type { Added } from './added.ts';
import type { TableSource, WantedColumn } from './source.ts';

/**
 * Adds up the rows of tables with token counts. The files are scanned once: where there are arrival times, DuckDB
 * keeps three numbers of each row (on disk, if they are many), else only the distinct (m, n).
 */
export async function addCounts(
  duck: Duck,
  sources: readonly TableSource[],
  understanding: Understanding,
  onStep: (what: string) => void,
): Promise<Added> {
  const { arrival } = understanding.roles;
  const rows = sources.map((source) => rowsSql(source, understanding)).join(' UNION ALL ');
  onStep('reading the rows');
  if (arrival !== undefined) await duck.run(`CREATE TEMP TABLE entry AS ${rows}`);
  onStep(arrival === undefined ? 'reading the rows' : 'adding up');
  await duck.run(`
    CREATE TEMP TABLE pair AS
    SELECT *, ${tokenFault('m')} AS mf, ${tokenFault('n')} AS nf
    FROM (
      SELECT m, n, ${arrival === undefined ? weightFault('w') : 'NULL'} AS wf, sum(w) AS c, count(*)::DOUBLE AS r
      FROM ${arrival === undefined ? `(${rows})` : '(SELECT *, 1.0::DOUBLE AS w FROM entry)'}
      GROUP BY ALL
    )`);
  onStep('adding up');
  const dropped = await faultsIn(duck);
  for (const source of sources)
    for (const { count, reason } of await source.lost()) dropped.add(reason, count);
  const total = await duck.row(
    `SELECT count(*)::DOUBLE AS pairs, coalesce(sum(r), 0)::DOUBLE AS rows FROM pair WHERE ${USABLE}`,
  );
  const list = dropped.list();
  return {
    ...(await pairsIn(duck, Number(total['pairs']))),
    marginals: { input: await marginalIn(duck, 'm'), output: await marginalIn(duck, 'n') },
    rows: Number(total['rows']) + list.reduce((sum, { count }) => sum + count, 0),
    dropped: list,
    warnings: [],
    ...(arrival === undefined ? { untimed: 0 } : await arrivalsIn(duck)),
  };
}

const USABLE = 'mf IS NULL AND nf IS NULL AND wf IS NULL';

/** Rows as m, n and the number of queries w; or m, n and the arrival time t in s. */
function rowsSql(source: TableSource, { roles, timeUnit }: Understanding): string {
  const { input, output = '', count, arrival } = roles;
  const other = arrival ?? count;
  const names = [...input, output, ...(other === undefined ? [] : [other])];
  const wanted: WantedColumn[] = names.map((name) => ({ name, as: 'plain' }));
  const number = (name: string, i: number): string => source.number(name, `c${i}`);
  const m = input.map(number).join(' + ');
  const last = `c${names.length - 1}`;
  const third =
    arrival !== undefined
      ? `${source.seconds(arrival, last, timeUnit && PER_SECOND[timeUnit])} AS t`
      : `${count === undefined ? '1.0::DOUBLE' : source.number(count, last)} AS w`;
  return `SELECT ${m} AS m, ${number(output, input.length)} AS n, ${third} FROM ${source.sql(wanted)}`;
}

/** `tokenFault` of core, as SQL. */
function tokenFault(of: string): string {
  return `CASE WHEN ${of} IS NULL THEN 'missing' WHEN isnan(${of}) THEN 'no number' WHEN ${of} < 0 THEN 'negative'
    WHEN ${of} > ${MOST_TOKENS} THEN 'too large' WHEN ${of} <> floor(${of}) THEN 'not whole' END`;
}

/** `weightFault` of core, as SQL. */
function weightFault(of: string): string {
  return `CASE WHEN ${of} IS NULL THEN 'missing' WHEN isnan(${of}) THEN 'no number' WHEN ${of} < 0 THEN 'negative'
    WHEN ${of} > ${MOST_QUERIES} THEN 'too large' WHEN ${of} = 0 THEN 'zero' END`;
}

async function faultsIn(duck: Duck): Promise<DropCounter> {
  const dropped = new DropCounter();
  const rows = await duck.rows(
    `SELECT mf, nf, wf, sum(r)::DOUBLE AS rows FROM pair WHERE NOT (${USABLE}) GROUP BY ALL`,
  );
  for (const { mf, nf, wf, rows: count } of rows) {
    const reason =
      mf === 'missing' && nf === 'missing'
        ? 'no number of input tokens and none of output tokens'
        : mf !== null
          ? faultReason('input tokens', mf as CountFault)
          : nf !== null
            ? faultReason('output tokens', nf as CountFault)
            : faultReason('queries', wf as CountFault | 'zero');
    dropped.add(reason, Number(count));
  }
  return dropped;
}

async function pairsIn(duck: Duck, distinct: number): Promise<{ pairs: Pair[]; coarsening?: Coarsening }> {
  if (distinct <= MOST_PAIRS) {
    return { pairs: await readPairs(duck, `SELECT m, n, c FROM pair WHERE ${USABLE} ORDER BY m, n`) };
  }
  for (const bits of COARSE_BITS) {
    await duck.run(`
      CREATE OR REPLACE TEMP TABLE coarse AS
      SELECT ${roundedSql('m', bits)} AS m, ${roundedSql('n', bits)} AS n, sum(c) AS c
      FROM pair WHERE ${USABLE} GROUP BY ALL`);
    const { pairs } = await duck.row('SELECT count(*)::DOUBLE AS pairs FROM coarse');
    if (Number(pairs) > MOST_PAIRS && bits !== COARSE_BITS.at(-1)) continue;
    return {
      pairs: await readPairs(duck, 'SELECT m, n, c FROM coarse ORDER BY m, n'),
      coarsening: { distinctPairs: distinct, bits },
    };
  }
  throw new RangeError('there is no rounding');
}

/** `roundedLength` of core, as SQL. */
function roundedSql(of: string, bits: number): string {
  const step = `pow(2, greatest(0, floor(log2(greatest(1, ${of}))) + 1 - ${bits}))`;
  return `round(${of} / ${step}) * ${step}`;
}

async function readPairs(duck: Duck, sql: string): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const [ms, ns, counts] of duck.portions(sql)) {
    ms!.forEach((m, i) => pairs.push([m as number, ns![i] as number, counts![i] as number]));
  }
  return pairs;
}

async function marginalIn(duck: Duck, axis: 'm' | 'n'): Promise<Weighted[]> {
  const lengths: Weighted[] = [];
  const sql = `SELECT ${axis}, sum(c)::DOUBLE FROM pair WHERE ${USABLE} GROUP BY ${axis} ORDER BY ${axis}`;
  for await (const [values, counts] of duck.portions(sql)) {
    values!.forEach((value, i) => lengths.push([value as number, counts![i] as number]));
  }
  return lengths;
}

/** Arrival statistics of the rows that are used: the core's `sumArrivals`, as SQL. */
async function arrivalsIn(duck: Duck): Promise<{ arrivals?: ArrivalSums; untimed: number }> {
  const usable = `${tokenFault('m')} IS NULL AND ${tokenFault('n')} IS NULL`;
  const sums = await duck.row(`
    SELECT count(*) FILTER (t IS NOT NULL)::DOUBLE AS queries, count(*) FILTER (t IS NULL)::DOUBLE AS untimed,
      min(t) AS first, max(t) AS last
    FROM entry WHERE ${usable}`);
  const queries = Number(sums['queries']);
  const untimed = Number(sums['untimed']);
  if (queries < 2) return { untimed };
  const firstS = Number(sums['first']);
  const peak = await duck.row(
    `SELECT max(c)::DOUBLE AS peak FROM (
       SELECT count(*) AS c FROM entry WHERE t IS NOT NULL AND ${usable} GROUP BY floor((t - $first) / 60))`,
    { first: firstS },
  );
  const gaps = await duck.row(
    `SELECT stddev_samp(gap) AS sd FROM (
       SELECT t - lag(t) OVER (ORDER BY t) AS gap FROM entry WHERE t IS NOT NULL AND ${usable})`,
  );
  return {
    untimed,
    arrivals: {
      queries,
      firstS,
      lastS: Number(sums['last']),
      peakPerMinute: Number(peak['peak']),
      sdGapS: gaps['sd'] === null || gaps['sd'] === undefined ? null : Number(gaps['sd']),
    },
  };
}
