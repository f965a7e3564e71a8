/** Delimited text and Parquet, as DuckDB reads them. */
import { LabError } from '#core/errors';
import { describeColumn, type SourceColumn } from '#core/workloadImport/columns';
import { readDelimitedHead } from '#core/workloadImport/delimited';
import type { Dropped } from '#core/workloadImport/reasons';
import { sqlName, sqlText, type Duck } from '../duck.ts';
import { refused, type Look } from './look.ts';
import type { NumberReading, TableSource, WantedColumn } from './source.ts';

/** A table of more columns is no trace, and naming each of them to DuckDB takes minutes. */
const MOST_COLUMNS = 2000;
/** Texts of this length in one row are no prompts; DuckDB holds a buffer of this size for each thread. */
const MOST_LINE_BYTES = 16_000_000;
const LONGEST_NAME = 500;
const SAMPLE_ROWS = 200;

/** What an entry of DuckDB's list of rejected lines means. */
const LOST: Readonly<Record<string, string>> = {
  'MISSING COLUMNS': 'too few columns',
  'TOO MANY COLUMNS': 'too many columns',
  'UNQUOTED VALUE': 'a quote that is not closed, or text after it',
  'LINE SIZE OVER MAXIMUM': 'a line that is too long',
  'INVALID STATE': 'quotes that cannot be understood',
};

/**
 * Delimited text.
 * @throws LabError "bad-workload"
 */
export function delimitedTable(duck: Duck, look: Look): TableSource {
  const head = readDelimitedHead(look.head, look.whole);
  if (head === undefined) throw refused(look.name, 'has no rows', 'Choose another file.');
  checkWidth(look, head.columns.length);
  if (head.columns.some((name) => name.length > LONGEST_NAME)) {
    throw refused(look.name, 'does not begin with the names of its columns', 'Put them into its first line.');
  }
  const columns = head.columns.map((name, i) =>
    describeColumn(
      name,
      head.rows.slice(0, SAMPLE_ROWS).map((row) => row[i]),
    ),
  );
  const numeric = new Set(columns.filter(({ holds }) => holds === 'numbers').map(({ name }) => name));
  const reader = (options: string, isNumber: (name: string) => boolean = () => false): string =>
    `read_csv(${sqlText(look.file)}, auto_detect = false, header = ${head.header}, delim = ${sqlText(head.delimiter)}, ` +
    `quote = '"', escape = '"', allow_quoted_nulls = false, max_line_size = ${MOST_LINE_BYTES}, ` +
    `buffer_size = ${2 * MOST_LINE_BYTES}, compression = '${look.gzip ? 'gzip' : 'none'}', ${options}, ` +
    `columns = {${head.columns.map((name) => `${sqlText(name)}: '${isNumber(name) ? 'DOUBLE' : 'VARCHAR'}'`).join(', ')}})`;
  const KEPT = 'store_rejects = true, rejects_limit = 0';
  const isFast = (name: string, how: NumberReading): boolean => how === 'fast' && numeric.has(name);
  const select = (wanted: readonly WantedColumn[], how: NumberReading): string =>
    `SELECT ${aliased(wanted, ({ name }) => sqlName(name))} FROM ${reader(KEPT, (name) => isFast(name, how))}`;
  return tableSource(duck, columns, {
    select: (wanted) => select(wanted, 'careful'),
    selectNumbers: select,
    count: `SELECT count(*)::DOUBLE AS rows FROM ${reader('ignore_errors = true')}`,
    number: (name, alias, how) => (isFast(name, how) ? alias : textAsNumber(alias)),
    misread: async () => {
      const { slips } = await duck.row(
        `SELECT count(*)::DOUBLE AS slips FROM reject_errors WHERE error_type = 'CAST'`,
      );
      if (Number(slips) === 0) return false;
      await duck.run('DELETE FROM reject_errors');
      return true;
    },
    lost: () => rejected(duck, look),
  });
}

/** The lines that DuckDB could not read, of all files that were read since this was asked last. */
async function rejected(duck: Duck, look: Look): Promise<Dropped[]> {
  const rows = await duck.rows(
    `SELECT error_type::VARCHAR AS what, count(DISTINCT (scan_id, file_id, line))::DOUBLE AS rows
     FROM reject_errors GROUP BY ALL`,
  );
  await duck.run('DELETE FROM reject_errors');
  // Read in another encoding, they may well be text.
  if (rows.some(({ what }) => what === 'INVALID ENCODING')) {
    throw refused(look.name, 'holds bytes that are no UTF-8', 'Save it as UTF-8.');
  }
  return rows.map(({ what, rows: count }) => ({
    count: Number(count),
    reason: LOST[String(what)] ?? 'a line that cannot be read',
  }));
}

/** Parquet. @throws LabError "bad-workload" */
export async function parquetTable(duck: Duck, look: Look): Promise<TableSource> {
  const from = `read_parquet(${sqlText(look.file)})`;
  const described = await duck.rows(`DESCRIBE SELECT * FROM ${from}`);
  checkWidth(look, described.length);
  const types = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
  const names = [...types.keys()];
  const plain = (name: string): string => {
    const type = types.get(name) ?? '';
    return /[[(]|JSON|MAP|UNION/.test(type) && !type.startsWith('DECIMAL')
      ? `to_json(${sqlName(name)})::VARCHAR`
      : `${sqlName(name)}::VARCHAR`;
  };
  const sample = await duck.rows(
    `SELECT ${names.map((name, i) => `${plain(name)} AS c${i}`).join(', ')} FROM ${from} LIMIT ${SAMPLE_ROWS}`,
  );
  const columns = names.map((name, i) =>
    describeColumn(
      name,
      sample.map((row) => (plain(name).startsWith('to_json') ? parsed(row[`c${i}`]) : row[`c${i}`])),
    ),
  );
  return tableSource(duck, columns, {
    select: (wanted) => `SELECT ${aliased(wanted, ({ name }) => plain(name))} FROM ${from}`,
    // Numbers and times stay what they are on their way to being added up.
    selectNumbers: (wanted) => {
      const isTyped = (name: string): boolean => isNumberType(types.get(name)) || isTimeType(types.get(name));
      return `SELECT ${aliased(wanted, ({ name }) => (isTyped(name) ? sqlName(name) : plain(name)))} FROM ${from}`;
    },
    seconds: (name, alias, perSecond) =>
      isTimeType(types.get(name))
        ? `epoch_us(${alias}::TIMESTAMP) / 1e6`
        : secondsOf(
            isNumberType(types.get(name)) ? `${alias}::DOUBLE` : textAsNumber(alias),
            alias,
            perSecond,
          ),
    count: `SELECT count(*)::DOUBLE AS rows FROM ${from}`,
    number: (name, alias) => (isNumberType(types.get(name)) ? `${alias}::DOUBLE` : textAsNumber(alias)),
    lost: () => Promise.resolve([]),
  });
}

function isNumberType(type: string | undefined): boolean {
  return type !== undefined && /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type);
}

function isTimeType(type: string | undefined): boolean {
  return type !== undefined && /^(TIMESTAMP|DATE)/.test(type);
}

function secondsOf(number: string, alias: string, perSecond: number | undefined): string {
  if (perSecond === undefined) return `epoch_us(TRY_CAST(${alias} AS TIMESTAMP)) / 1e6`;
  return `CASE WHEN isfinite(${number}) THEN ${number} / ${perSecond} END`;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A text as a number: NULL for nothing, NaN for anything else. */
export function textAsNumber(alias: string): string {
  return `coalesce(TRY_CAST(${alias} AS DOUBLE), CASE WHEN trim(${alias}) <> '' THEN 'nan'::DOUBLE END)`;
}

/** A list for SELECT: each column under c0, c1, …; something must be selected even where nothing is wanted. */
export function aliased(wanted: readonly WantedColumn[], as: (column: WantedColumn) => string): string {
  return wanted.length === 0 ? '1 AS c0' : wanted.map((column, i) => `${as(column)} AS c${i}`).join(', ');
}

/** A source over SQL. */
export function tableSource(
  duck: Duck,
  columns: readonly SourceColumn[],
  sql: {
    readonly select: (wanted: readonly WantedColumn[]) => string;
    /** for numbers and times that are added up; by default as for rows */
    readonly selectNumbers?: TableSource['sql'];
    readonly count: string;
    readonly number: TableSource['number'];
    readonly seconds?: TableSource['seconds'];
    readonly misread?: TableSource['misread'];
    readonly lost: () => Promise<Dropped[]>;
    readonly unit?: 'rows' | 'records';
  },
): TableSource {
  return {
    columns,
    unit: sql.unit ?? 'rows',
    count: async () => Number((await duck.row(sql.count))['rows']),
    portions: (wanted) => duck.portions(sql.select(wanted)),
    lost: sql.lost,
    sql: (wanted, how) => `(${(sql.selectNumbers ?? sql.select)(wanted, how)})`,
    number: sql.number,
    misread: sql.misread ?? (() => Promise.resolve(false)),
    seconds:
      sql.seconds ??
      ((name, alias, perSecond, how) => secondsOf(sql.number(name, alias, how), alias, perSecond)),
  };
}

function checkWidth(look: Look, columns: number): void {
  if (columns <= MOST_COLUMNS) return;
  throw new LabError(
    'bad-workload',
    `${look.name} has ${columns.toLocaleString('en-US')} columns, more than any workload. Nothing was written.`,
    'Keep the columns with the input, the output and the time, and try again.',
  );
}
