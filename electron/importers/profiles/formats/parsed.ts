import { LabError } from '#core/errors';
import type {
  ColumnRole,
  ColumnUnit,
  Dropped,
  ImportFinding,
  Observation,
  Reading,
  UnderstoodColumn,
} from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { RailEnergy } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';
import type { ImportFormat, SourceHead } from '../importFormat.ts';

/** What a format made of a text; which file it was and in which format is put to it afterwards. */
export type Parsed = Omit<Reading, 'file' | 'format'>;

/** A format that reads a whole text; its parser is pure. */
export interface TextFormat extends ImportFormat {
  /**
   * @param name the file's, for messages
   * @throws LabError "bad-profile" with the reason
   */
  readonly parse: (text: string, name: string, options: ImportOptions) => Parsed;
}

/** A format from its parser. */
export function textFormat(given: {
  readonly id: string;
  readonly name: string;
  readonly looks: (head: SourceHead) => number;
  readonly parse: TextFormat['parse'];
}): TextFormat {
  const { id, name } = given;
  return {
    ...given,
    read: async (source, options) => ({
      ...given.parse(await source.text(), source.file.name, options),
      file: source.file,
      format: { id, name },
    }),
  };
}

/** How sure a format is of a text that begins as its own does. */
export const SURE = 0.95;

/** Sure of a text whose beginning has all of these; not at all otherwise. */
export function looksLike(...patterns: readonly RegExp[]): (head: SourceHead) => number {
  return ({ text, binary }) => (binary === null && patterns.every((each) => each.test(text)) ? SURE : 0);
}

/**
 * The values of a text of JSON: one, or one a line.
 * @throws LabError "bad-profile" when it is neither
 */
export function readJson(text: string, name: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (cause) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      // Said below, of the text as a whole.
    }
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!.slice(0, 160);
    throw new LabError(
      'bad-profile',
      `${name} is no JSON: ${reason.replace(/[\s:.]+$/, '')}.`,
      'Nothing was read from it. Check that it was written to its end.',
      { cause },
    );
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** A value as fields by name; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A field's value; undefined for what every object has from its prototype. */
export function at(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

export function listAt(fields: Fields, key: string): readonly unknown[] | undefined {
  const value = at(fields, key);
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** A finite number, also where it is written as a text. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && value.length < 40 && /^\s*[+-]?[\d.]/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function numberAt(fields: Fields, key: string): number | undefined {
  return numberOf(at(fields, key));
}

const LONGEST_TEXT = 200;

export function textAt(fields: Fields, key: string): string | undefined {
  const value = at(fields, key);
  const text = typeof value === 'string' ? value.trim().slice(0, LONGEST_TEXT) : '';
  return text === '' ? undefined : text;
}

type Filled<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Fields that have a value; a number that is not finite is none. */
export function filled<T extends object>(fields: T): Filled<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && (typeof value !== 'number' || Number.isFinite(value)),
    ),
  ) as Filled<T>;
}

/** An energy by rail of what is known and finite, J. */
export function energyOf(energies: Partial<Record<Rail, number | undefined>>): RailEnergy {
  return filled(energies);
}

/** An observation without numbers that are not finite. */
export function finiteOnly(observation: Observation): Observation {
  const { energyJ, idleJ, row, trials, ...rest } = observation;
  return {
    ...filled(rest),
    row,
    trials,
    energyJ: energyOf(energyJ),
    ...(idleJ === undefined ? {} : { idleJ: energyOf(idleJ) }),
  };
}

/** The tokens that the user says every row has, where the source does not tell. */
export function withStated(
  observation: Observation,
  { inputTokens, outputTokens }: ImportOptions,
): Observation {
  return {
    ...observation,
    ...(observation.m === undefined && inputTokens !== undefined ? { m: inputTokens } : {}),
    ...(observation.n === undefined && outputTokens !== undefined ? { n: outputTokens } : {}),
  };
}

/** A field of a tool's own format: it says itself what it is. */
export function stated(
  name: string,
  role: ColumnRole,
  unit: ColumnUnit | null,
  examples: readonly unknown[],
  rail: Rail | null = null,
): UnderstoodColumn {
  const known = examples.filter((each) => typeof each === 'number' || typeof each === 'string');
  return {
    name,
    role,
    unit,
    rail,
    how: 'stated',
    examples: known.slice(0, 3).map((each) => String(each).slice(0, 60)),
  };
}

/** Counts what is left out, by its reason. */
export function drops(): { add: (reason: string) => void; list: () => Dropped[] } {
  const counts = new Map<string, number>();
  return {
    add: (reason) => void counts.set(reason, (counts.get(reason) ?? 0) + 1),
    list: () => [...counts].map(([reason, count]) => ({ reason, count })),
  };
}

export const note = (kind: string, message: string, todo?: string): ImportFinding => ({
  kind,
  level: 'note',
  message,
  ...(todo === undefined ? {} : { todo }),
});

export const warning = (kind: string, message: string, todo: string): ImportFinding => ({
  kind,
  level: 'warning',
  message,
  todo,
});

/** Mean requests in flight, from how long each took and how long all took together; undefined where it is none. */
export function meanInFlight(runtimesS: readonly number[], wholeS: number | undefined): number | undefined {
  if (wholeS === undefined || !(wholeS > 0)) return undefined;
  const mean = runtimesS.reduce((sum, each) => sum + each, 0) / wholeS;
  return Number.isFinite(mean) && mean > 0 ? Math.max(1, Math.round(mean * 100) / 100) : undefined;
}

/** True when an energy has no rail at all. */
export function hasEnergy(energyJ: RailEnergy): boolean {
  return RAILS.some((rail) => energyJ[rail] !== undefined);
}

/** The error of a file that is known, and is no profile of queries. */
export function refused(message: string, hint: string): LabError {
  return new LabError('bad-profile', message, `Nothing was imported. ${hint}`);
}
