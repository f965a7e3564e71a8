import { z } from 'zod';
import type { TimeUnit } from './request.ts';

/** What a column was found to hold, by its first values. */
export const COLUMN_CONTENTS = [
  'numbers',
  'times',
  'texts',
  'messages',
  'lists',
  'other',
  'nothing',
] as const;
export type ColumnContent = (typeof COLUMN_CONTENTS)[number];

/** What a column is used for. */
export const WORKLOAD_ROLES = ['input', 'output', 'count', 'arrival', 'messages', 'unused'] as const;
export type WorkloadRole = (typeof WORKLOAD_ROLES)[number];

/** A column of a table, or a field of JSON records. */
export interface SourceColumn {
  readonly name: string;
  readonly holds: ColumnContent;
  /** the first values as text, for people */
  readonly examples: readonly string[];
}

/** A column with what it is used for, for people. */
export const understoodColumnSchema = z.strictObject({
  name: z.string(),
  holds: z.enum(COLUMN_CONTENTS),
  examples: z.array(z.string()),
  role: z.enum(WORKLOAD_ROLES),
});
export type UnderstoodWorkloadColumn = z.output<typeof understoodColumnSchema>;

/** Which columns are used, by role. */
export interface ColumnRoles {
  readonly input: readonly string[];
  readonly output?: string;
  readonly count?: string;
  readonly arrival?: string;
  readonly messages?: string;
}

/** The role of a column; one that is used twice shows its first. */
export function roleOf(name: string, roles: ColumnRoles): WorkloadRole {
  if (roles.input.includes(name)) return 'input';
  for (const role of ['output', 'count', 'arrival', 'messages'] as const)
    if (roles[role] === name) return role;
  return 'unused';
}

const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 60;
const TIME = /^\d{4}[-/]\d{2}[-/]\d{2}([ T]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?)?$/;

/**
 * What a column holds.
 * @param values the first values: texts of a table, or parsed JSON; null and undefined are absent
 */
export function describeColumn(name: string, values: readonly unknown[]): SourceColumn {
  const present = values.filter((value) => value !== null && value !== undefined && value !== '');
  return {
    name,
    holds: contentOf(present),
    examples: present.slice(0, EXAMPLES).map((value) => shortened(exampleText(value))),
  };
}

/** A column is what most of its values are: single ones that are not may be slips, and are dropped by name later. */
const MOST = 0.75;

function contentOf(present: readonly unknown[]): ColumnContent {
  if (present.length === 0) return 'nothing';
  const mostly = (is: (value: unknown) => boolean): boolean =>
    present.filter(is).length >= MOST * present.length;
  if (mostly(isNumeric)) return 'numbers';
  if (mostly((value) => typeof value === 'string' && TIME.test(value.trim()))) return 'times';
  if (mostly((value) => Array.isArray(value) && value.length > 0 && value.every(isNumeric))) return 'lists';
  if (mostly((value) => Array.isArray(value) && value.every(isMessage))) return 'messages';
  if (mostly((value) => ['string', 'number', 'boolean'].includes(typeof value))) return 'texts';
  return 'other';
}

function isNumeric(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return true;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

function isMessage(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ('role' in value || 'from' in value) &&
    ('content' in value || 'value' in value || 'text' in value || 'tool_calls' in value)
  );
}

function exampleText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return '…';
  }
}

function shortened(text: string): string {
  const line = text
    .slice(0, 4 * EXAMPLE_CHARACTERS)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > EXAMPLE_CHARACTERS ? `${line.slice(0, EXAMPLE_CHARACTERS - 1)}…` : line;
}

/**
 * The unit of arrival times that are numbers: what the column's name says, or else the size of the numbers, where
 * they can be times since 1970.
 * @returns undefined where neither tells
 */
export function guessTimeUnit({ name, examples }: SourceColumn): TimeUnit | undefined {
  const said = /(?:_|\b)(ns|us|ms|s|sec|secs|seconds|milliseconds|microseconds|nanoseconds)$/i.exec(
    name,
  )?.[1];
  if (said !== undefined) {
    const unit = said.toLowerCase();
    if (unit.startsWith('n')) return 'ns';
    if (unit === 'us' || unit.startsWith('mic')) return 'us';
    return unit.startsWith('m') ? 'ms' : 's';
  }
  const value = Number(examples[0]);
  // From 2001 to 2128.
  for (const [unit, perS] of [
    ['s', 1],
    ['ms', 1e3],
    ['us', 1e6],
    ['ns', 1e9],
  ] as const) {
    if (value >= 1e9 * perS && value < 5e9 * perS) return unit;
  }
  return undefined;
}
