/** Adds up token counts inside DuckDB: tables of any length in bounded memory. */
import type { Weighted } from '#core/statistics';
import { PER_SECOND, type ArrivalSums } from '#core/workloadImport/arrivals';
import {
  COUNT_FAULTS,
  faultReason,
  MOST_QUERIES,
  MOST_TOKENS,
  type CountFault,
} from '#core/workloadImport/counts';
import { COARSE_BITS, MOST_PAIRS, type Coarsening, type Pair } from '#core/workloadImport/joint';
import { DropCounter } from '#core/workloadImport/reasons';
import type { Understanding } from '#core/workloadImport/understand';
import type { Duck } from '../duck.ts';
import type { Added } from './added.ts';
import type { NumberReading, TableSource, WantedColumn } from './source.ts';

/**
 * Adds up the rows of tables with token counts. The files are scanned once: where there are arrival times, DuckDB
 * keeps three numbers of each row (on disk, if they are many), else only the distinct (m, n). A file with slips among
 * its numbers is scanned a second time, carefully.
 */
export async function addCounts(
  duck: Duck,
  sources: readonly TableSource[],
  understanding: Understanding,
  onStep: (what: string) => void,
): Promise<Added> {
  const timed = understanding.roles.arrival !== undefined;
  onStep('reading the rows');
  await readPairs(duck, sources, understanding, 'fast');
  if (await anyMisread(sources)) {
    onStep('reading the rows again, slip by slip');
    await readPairs(duck, sources, understanding, 'careful');
  }
  onStep('adding up');
  const dropped = await faultsIn(duck);
  for (const source of sources) {
    for (const { count, reason } of await source.lost()) dropped.add(reason, count);
  }
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
    ...(timed ? await arrivalsIn(duck) : { untimed: 0 }),
  };
}

async function anyMisread(sources: readonly TableSource[]): Promise<boolean> {
  let any = false;
  for (const source of sources) any = (await source.misread()) || any;
  return any;
}

/**
 * Reads everything into the table `pair`: m, n, the number of queries c and of rows r; and with arrival times, row by
 * row into `entry`: m, n and the time t in s. A number of tokens that is none stands there as a negative code.
 */
async function readPairs(
  duck: Duck,
  sources: readonly TableSource[],
  { roles, timeUnit }: Understanding,
  how: NumberReading,
): Promise<void> {
  const { input, output = '', count, arrival } = roles;
  const other = arrival ?? count;
  const names = [...input, output, ...(other === undefined ? [] : [other])];
  const wanted: WantedColumn[] = names.map((name) => ({ name, as: 'plain' }));
  const last = `c${names.length - 1}`;
  const rows = sources
    .map((source) => {
      const number = (name: string, i: number): string => source.number(name, `c${i}`, how);
      const perSecond = timeUnit && PER_SECOND[timeUnit];
      const third =
        arrival !== undefined
          ? `, ${source.seconds(arrival, last, perSecond, how)} AS t`
          : count === undefined
            ? ''
            : `, ${source.number(count, last, how)} AS w`;
      return (
        `SELECT ${input.map(number).join(' + ')} AS m, ${number(output, input.length)} AS n${third} ` +
        `FROM ${source.sql(wanted, how)}`
      );
    })
    .join(' UNION ALL ');
  const coded = `${codeSql('m')} AS m, ${codeSql('n')} AS n`;
  if (arrival !== undefined) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE entry AS SELECT ${coded}, t FROM (${rows})`);
    await duck.run(
      'CREATE OR REPLACE TEMP TABLE pair AS SELECT m, n, count(*) AS c, c AS r FROM entry GROUP BY m, n',
    );
  } else if (count === undefined) {
    await duck.run(
      `CREATE OR REPLACE TEMP TABLE pair AS SELECT m, n, count(*) AS c, c AS r
       FROM (SELECT ${coded} FROM (${rows})) GROUP BY m, n`,
    );
  } else {
    // The fault of a weight is kept in the place of m.
    await duck.run(
      `CREATE OR REPLACE TEMP TABLE pair AS SELECT m, n, sum(w) AS c, count(*) AS r
       FROM (SELECT coalesce(${weightCodeSql('w')}, m) AS m, n, w FROM (SELECT ${coded}, w FROM (${rows})))
       GROUP BY m, n`,
    );
  }
}

const USABLE = 'm >= 0 AND n >= 0';
/** codes of faults: of numbers of tokens from here down, in the order of COUNT_FAULTS, and of weights further down */
const FAULT_CODE = -1;
const WEIGHT_CODE = -11;
const WEIGHT_FAULTS = [...COUNT_FAULTS, 'zero'] as const;

/** A number of tokens as an integer, or the negative code of what `tokenFault` of core finds wrong with it. */
function codeSql(of: string): string {
  const code = (fault: CountFault): number => FAULT_CODE - COUNT_FAULTS.indexOf(fault);
  return `CASE WHEN ${of} >= 0 AND ${of} <= ${MOST_TOKENS} AND TRY_CAST(${of} AS INTEGER) = ${of} THEN ${of}::INTEGER
    WHEN ${of} IS NULL THEN ${code('missing')} WHEN isnan(${of}) THEN ${code('no number')}
    WHEN ${of} < 0 THEN ${code('negative')} WHEN ${of} > ${MOST_TOKENS} THEN ${code('too large')}
    ELSE ${code('not whole')} END`;
}

/** The negative code of what `weightFault` of core finds wrong with a weight, NULL where it is sound. */
function weightCodeSql(of: string): string {
  const code = (fault: (typeof WEIGHT_FAULTS)[number]): number => WEIGHT_CODE - WEIGHT_FAULTS.indexOf(fault);
  return `CASE WHEN ${of} > 0 AND ${of} <= ${MOST_QUERIES} THEN NULL
    WHEN ${of} IS NULL THEN ${code('missing')} WHEN isnan(${of}) THEN ${code('no number')}
    WHEN ${of} < 0 THEN ${code('negative')} WHEN ${of} = 0 THEN ${code('zero')} ELSE ${code('too large')} END`;
}

async function faultsIn(duck: Duck): Promise<DropCounter> {
  const dropped = new DropCounter();
  const rows = await duck.rows(
    `SELECT least(m, 0)::INTEGER AS mf, least(n, 0)::INTEGER AS nf, sum(r)::DOUBLE AS rows
     FROM pair WHERE NOT (${USABLE}) GROUP BY ALL`,
  );
  for (const { mf, nf, rows: count } of rows) dropped.add(reasonOf(Number(mf), Number(nf)), Number(count));
  return dropped;
}

function reasonOf(m: number, n: number): string {
  if (m <= WEIGHT_CODE) return faultReason('queries', WEIGHT_FAULTS[WEIGHT_CODE - m]!);
  const [input, output] = [COUNT_FAULTS[FAULT_CODE - m], COUNT_FAULTS[FAULT_CODE - n]];
  if (input === 'missing' && output === 'missing') {
    return 'no number of input tokens and none of output tokens';
  }
  return input === undefined ? faultReason('output tokens', output!) : faultReason('input tokens', input);
}

async function pairsIn(duck: Duck, distinct: number): Promise<{ pairs: Pair[]; coarsening?: Coarsening }> {
  if (distinct <= MOST_PAIRS) {
    return { pairs: await pairsOf(duck, `SELECT m, n, c::DOUBLE FROM pair WHERE ${USABLE} ORDER BY m, n`) };
  }
  for (const bits of COARSE_BITS) {
    await duck.run(
      `CREATE OR REPLACE TEMP TABLE coarse AS
       SELECT ${roundedSql('m', bits)} AS m, ${roundedSql('n', bits)} AS n, sum(c)::DOUBLE AS c
       FROM pair WHERE ${USABLE} GROUP BY ALL`,
    );
    const { pairs } = await duck.row('SELECT count(*)::DOUBLE AS pairs FROM coarse');
    if (Number(pairs) > MOST_PAIRS && bits !== COARSE_BITS.at(-1)) continue;
    return {
      pairs: await pairsOf(duck, 'SELECT m, n, c FROM coarse ORDER BY m, n'),
      coarsening: { distinctPairs: distinct, bits },
    };
  }
  throw new RangeError('there is no rounding');
}

/** `roundedLength` of core, as SQL on integers. */
function roundedSql(of: string, bits: number): string {
  const shift = `greatest(0, floor(log2(greatest(1, ${of})))::INTEGER + 1 - ${bits})`;
  return `(((${of} + (1::INTEGER << ${shift}) // 2) >> ${shift}) << ${shift})`;
}

async function pairsOf(duck: Duck, sql: string): Promise<Pair[]> {
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
  const sums = await duck.row(`
    SELECT count(*) FILTER (t IS NOT NULL)::DOUBLE AS queries, count(*) FILTER (t IS NULL)::DOUBLE AS untimed,
      min(t) AS first, max(t) AS last
    FROM entry WHERE ${USABLE}`);
  const queries = Number(sums['queries']);
  const untimed = Number(sums['untimed']);
  if (queries < 2) return { untimed };
  const firstS = Number(sums['first']);
  const peak = await duck.row(
    `SELECT max(c)::DOUBLE AS peak FROM (
       SELECT count(*) AS c FROM entry WHERE t IS NOT NULL AND ${USABLE} GROUP BY floor((t - $first) / 60))`,
    { first: firstS },
  );
  const gaps = await duck.row(
    `SELECT stddev_samp(gap) AS sd FROM (
       SELECT t - lag(t) OVER (ORDER BY t) AS gap FROM entry WHERE t IS NOT NULL AND ${USABLE})`,
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
