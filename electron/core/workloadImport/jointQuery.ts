import { LabError } from '../errors.ts';

/** The engines that `workloads sql` writes for. */
export const SQL_DIALECTS = ['spark', 'trino', 'bigquery', 'clickhouse', 'duckdb', 'postgres'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

const QUOTES: Readonly<Record<SqlDialect, '`' | '"'>> = {
  spark: '`',
  trino: '"',
  bigquery: '`',
  clickhouse: '`',
  duckdb: '"',
  postgres: '"',
};

/** How the result becomes a file that `workloads import` reads. */
export const SQL_EXPORTS: Readonly<Record<SqlDialect, string>> = {
  spark: 'spark.sql(query).coalesce(1).write.csv("joint", header=True) writes it; import the part file.',
  trino: 'trino --output-format=CSV_HEADER --execute "$(cat joint.sql)" > joint.csv writes it.',
  bigquery:
    'bq query --use_legacy_sql=false --format=csv --max_rows=10000000 < joint.sql > joint.csv writes it.',
  clickhouse: 'clickhouse-client --format CSVWithNames < joint.sql > joint.csv writes it.',
  duckdb: 'duckdb -csv trace.duckdb < joint.sql > joint.csv writes it.',
  postgres: 'psql --csv --file joint.sql > joint.csv writes it.',
};

/** Where the requests are. */
export interface JointQuery {
  readonly dialect: SqlDialect;
  /** a table, with its schema or project before it: a.b.c */
  readonly table: string;
  /** columns of token counts; several are added up */
  readonly input: readonly string[];
  readonly output: string;
}

/**
 * The one query that adds up a table of requests: m, n and the number of queries with them. Rows whose counts
 * cannot be used stay in it, so that the import can say how many there were and why they were left out.
 * @throws LabError "bad-setting" for a name that is none
 */
export function jointQuery({ dialect, table, input, output }: JointQuery): string {
  const name = (text: string): string => quoted(text, dialect);
  const m = input.map(name).join(' + ');
  const n = name(output);
  return [
    `SELECT ${m} AS m, ${n} AS n, COUNT(*) AS ${quoted('count', dialect)}`,
    `FROM ${table.split('.').map(name).join('.')}`,
    `GROUP BY ${m}, ${n}`,
    `ORDER BY 1, 2`,
  ].join('\n');
}

/** Names that need no quotes in any of the dialects. */
const PLAIN = /^[a-z_][a-z0-9_]*$/;
/** of the plain names that a user may have, those that are words of the language somewhere */
const RESERVED = new Set(
  (
    'all and any array as between by case cast count create cross current date default delete desc distinct drop else ' +
    'end except exists false fetch for from full group grouping hash having if in inner insert interval into is join ' +
    'left like limit natural new not null of on or order outer over partition range right rows select set table then ' +
    'time timestamp to true union unique update user using values when where window with'
  ).split(' '),
);

function quoted(text: string, dialect: SqlDialect): string {
  // eslint-disable-next-line no-control-regex
  if (text === '' || /[\u0000-\u001f]/.test(text)) {
    throw new LabError(
      'bad-setting',
      `"${text}" is no name of a table or a column.`,
      'Give --table, --input and --output.',
    );
  }
  if (PLAIN.test(text) && !RESERVED.has(text)) return text;
  const quote = QUOTES[dialect];
  // BigQuery and ClickHouse escape with a backslash, the others by doubling.
  const backslash = dialect === 'bigquery' || dialect === 'clickhouse';
  const inside = backslash ? text.replace(/[\\`]/g, '\\$&') : text.replaceAll(quote, quote + quote);
  return quote + inside + quote;
}
