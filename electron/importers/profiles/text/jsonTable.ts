import { LabError } from '#core/errors';
import { readColumnName } from '#core/import/columnNames';
import type { TextCell } from '#core/import/columns';
import type { ImportOptions } from '#core/import/options';
import { parseJson } from './json.ts';
import {
  MOST_COLUMNS,
  MOST_ROWS,
  TableBuilder,
  tooLong,
  tooWide,
  type TableContent,
  type TableRecipe,
} from './tableBuilder.ts';

/** A record of JSON: its fields by path ("usage.prompt_tokens"), as text. */
export type FlatRecord = Readonly<Record<string, TextCell>>;

/** Records of a JSON document, and what is said of all of them beside them. */
interface Records {
  readonly path: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** so deep a list of records may lie in its document */
const SEARCHED = 5;
/** records after which no new field is expected */
const LOOKED_AT = 2000;

/**
 * Reads JSON as a table: a list of records, the longest list of records in a document, lists of equal length as
 * columns, or records one a line.
 * @throws LabError "bad-profile" when there are no records in it
 */
export function readJsonText(
  name: string,
  text: string,
  options: ImportOptions,
  recipe: TableRecipe = {},
): TableContent {
  let document: unknown;
  try {
    document = parseJson(text, name);
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    return readJsonLines(name, text, options, recipe, thrown);
  }
  const found = longest(recordsIn(document, '', 0));
  if (found === undefined) throw noRecords(name);
  const builder = new RecordBuilder(name, options, recipe);
  found.records.forEach((record, index) => builder.push(flatten(record), index + 1));
  return builder.end();
}

/** Records one a line; a line that is none is left out, the last one as cut off. */
function readJsonLines(
  name: string,
  text: string,
  options: ImportOptions,
  recipe: TableRecipe,
  why: unknown,
): TableContent {
  const builder = new RecordBuilder(name, options, recipe);
  const lines = text.split(/\r?\n|\r/);
  const last = lines.findLastIndex((line) => line.trim() !== '');
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const record = lineRecord(line, name);
    if (record !== undefined) builder.push(record, index + 1);
    else if (index === last && index === lines.length - 1) builder.cut();
    else builder.odd();
  });
  if (builder.count === 0) {
    const reason = why instanceof Error ? why.message.split('\n')[0]! : String(why);
    throw new LabError(
      'bad-profile',
      `${name} looks like JSON and is none: ${reason.slice(0, 200).replace(/[\s:.]+$/, '')}.`,
      'Nothing was imported. Check that it was written to its end.',
    );
  }
  return builder.end();
}

/** The record on a line of JSON; undefined when it is no object. */
export function lineRecord(line: string, name: string): FlatRecord | undefined {
  let value: unknown;
  try {
    value = parseJson(line, name);
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    return undefined;
  }
  return isRecord(value) ? flatten(value) : undefined;
}

/** Takes flat records one by one; their fields are the columns, found in the first ones. */
export class RecordBuilder {
  readonly #name: string;
  readonly #options: ImportOptions;
  readonly #recipe: TableRecipe;
  #waiting: { record: FlatRecord; row: number }[] | undefined = [];
  #names: readonly string[] = [];
  #table: TableBuilder | undefined;
  #odd = 0;
  #cut = false;
  count = 0;

  constructor(name: string, options: ImportOptions, recipe: TableRecipe) {
    this.#name = name;
    this.#options = options;
    this.#recipe = recipe;
  }

  push(record: FlatRecord, row: number): void {
    this.count += 1;
    if (this.count > MOST_ROWS) throw tooLong(this.#name);
    if (this.#waiting === undefined) {
      this.#row(record, row);
      return;
    }
    this.#waiting.push({ record, row });
    if (this.#waiting.length >= LOOKED_AT) this.#begin();
  }

  /** A line that is no record. */
  odd(): void {
    this.#odd += 1;
  }

  /** The last line is cut off. */
  cut(): void {
    this.#cut = true;
  }

  end(): TableContent {
    if (this.#waiting !== undefined) this.#begin();
    const content = this.#table!.end();
    return {
      ...content,
      dropped: [
        ...content.dropped,
        ...(this.#odd > 0 ? [{ count: this.#odd, reason: 'no record of JSON' }] : []),
        ...(this.#cut ? [{ count: 1, reason: 'cut off: the file ends within it' }] : []),
      ],
      findings: [
        ...content.findings,
        ...(this.#cut
          ? [
              {
                kind: 'truncated',
                level: 'warning' as const,
                message: 'The last line is cut off, so it is left out: whatever wrote the file was stopped.',
                todo: 'Check whether more than that line is missing.',
              },
            ]
          : []),
      ],
    };
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const names = new Set<string>();
    for (const { record } of waiting) {
      for (const name of Object.keys(record)) names.add(name);
      if (names.size > MOST_COLUMNS) throw tooWide(this.#name, names.size);
    }
    this.#names = [...names];
    this.#table = new TableBuilder({
      name: this.#name,
      options: this.#options,
      recipe: this.#recipe,
      commaSeparated: true,
      names: this.#names,
    });
    for (const { record, row } of waiting) this.#row(record, row);
  }

  #row(record: FlatRecord, row: number): void {
    this.#table!.push(
      this.#names.map((name) => (Object.hasOwn(record, name) ? record[name]! : null)),
      row,
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The scalars of a record by their paths; lists within it are left out. */
export function flatten(record: Readonly<Record<string, unknown>>): FlatRecord {
  const flat: Record<string, TextCell> = {};
  const add = (value: unknown, path: string, depth: number): void => {
    if (value === null) flat[path] = null;
    else if (typeof value === 'object') {
      if (Array.isArray(value) || depth >= SEARCHED) return;
      for (const [name, part] of Object.entries(value))
        add(part, path === '' ? name : `${path}.${name}`, depth + 1);
    } else flat[path] = String(value);
  };
  add(record, '', 0);
  return flat;
}

/** Every list of records in a document, with what its surroundings say of the model and the system. */
function* recordsIn(value: unknown, path: string, depth: number): Generator<Records> {
  if (Array.isArray(value)) {
    const records = value.filter(isRecord);
    if (records.length > 0 && records.length >= value.length / 2) yield { path, records };
    return;
  }
  if (!isRecord(value) || depth > SEARCHED) return;
  const around = Object.fromEntries(
    Object.entries(value).filter(
      ([name, part]) =>
        (typeof part === 'string' || typeof part === 'number') &&
        ['model', 'system', 'batch', 'gpus'].includes(readColumnName(name).role),
    ),
  );
  for (const [name, part] of Object.entries(value)) {
    for (const found of recordsIn(part, path === '' ? name : `${path}.${name}`, depth + 1)) {
      yield { ...found, records: found.records.map((record) => ({ ...around, ...record })) };
    }
  }
  const columns = asColumns(value);
  if (columns !== undefined) yield { path, records: columns.map((record) => ({ ...around, ...record })) };
  if (depth === 0) yield { path, records: [value] };
}

/** Lists of scalars of equal length, as records: {"m": [8, 16], "n": [32, 32]}. */
function asColumns(value: Readonly<Record<string, unknown>>): Record<string, unknown>[] | undefined {
  const lists = Object.entries(value).filter(
    (entry): entry is [string, unknown[]] =>
      Array.isArray(entry[1]) && entry[1].every((each) => !isRecord(each)),
  );
  const length = lists[0]?.[1].length ?? 0;
  const equal = lists.filter(([, list]) => list.length === length);
  if (equal.length < 2 || length === 0) return undefined;
  return Array.from({ length }, (_, i) => Object.fromEntries(equal.map(([name, list]) => [name, list[i]])));
}

function longest(found: Iterable<Records>): Records | undefined {
  let best: Records | undefined;
  for (const each of found) if (best === undefined || each.records.length > best.records.length) best = each;
  return best;
}

function noRecords(name: string): LabError {
  return new LabError(
    'bad-profile',
    `${name} is JSON without records: no list of objects is in it.`,
    'Nothing was imported. Bring a list of objects, or one object a line.',
  );
}
