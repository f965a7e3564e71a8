import { INSIDE, RAILS, type Rail } from '../rails.ts';
import { readColumnName } from './columnNames.ts';
import { readQuantity, type DecimalSign } from './numberText.ts';
import {
  SINGLE_ROLES,
  type ColumnRole,
  type ColumnUnit,
  type ImportFinding,
  type UnderstoodColumn,
} from './observation.ts';
import type { ColumnChoice, ImportOptions } from './options.ts';
import { ROLE_UNITS } from './quantity.ts';
import { guessEnergyUnits, guessTimeUnit } from './unitGuess.ts';

/** A cell of a table; null where the source has none. */
export type TextCell = string | null;

/** What a table holds, as far as it is needed to understand its columns. */
export interface TableHead {
  readonly names: readonly string[];
  /** the first rows */
  readonly rows: readonly (readonly TextCell[])[];
  readonly decimal: DecimalSign;
  /** columns that a format knows by heart, by name; the user's word stands above them */
  readonly known?: Readonly<Record<string, ColumnChoice>>;
}

/** How the columns of a table were understood, and what there is to say about it. */
export interface Understanding {
  readonly columns: readonly UnderstoodColumn[];
  readonly findings: readonly ImportFinding[];
}

/** A column on its way to be understood. */
export interface Draft {
  readonly name: string;
  role: ColumnRole;
  unit: ColumnUnit | null;
  rail: Rail | null;
  how: UnderstoodColumn['how'];
  readonly values: readonly string[];
}

const NUMERIC: ReadonlySet<ColumnRole> = new Set([
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
  'iteration',
  'trials',
  'batch',
  'gpus',
  'idle-energy',
]);
const ENERGY_ROLES: ReadonlySet<ColumnRole> = new Set(['energy', 'power', 'energy-per-token', 'idle-energy']);
const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 60;
/** of a column's name; a broken file can have one of any length */
const NAME_CHARACTERS = 100;
const NAMED = 8;

/** Names that occur twice get a number, so that each column can be spoken of: "Energy", "Energy (2)". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given, index) => {
    const trimmed = given.trim();
    const whole = trimmed === '' ? `column ${index + 1}` : trimmed;
    const name = whole.length > NAME_CHARACTERS ? `${whole.slice(0, NAME_CHARACTERS)}…` : whole;
    let distinct = name;
    for (let copy = 2; taken.has(distinct); copy++) distinct = `${name} (${copy})`;
    taken.add(distinct);
    return distinct;
  });
}

/**
 * How each column of a table is understood: by what the user says, by what the format knows, by its name, and by its
 * values. Nothing is converted yet.
 */
export function understandColumns(head: TableHead, options: ImportOptions): Understanding {
  const findings: ImportFinding[] = [];
  const drafts = head.names.map((name, index) => draftOf(name, index, head, options));
  for (const draft of drafts) dropByValues(draft, head.decimal);
  for (const role of SINGLE_ROLES) keepOne(drafts, role);
  keepOneEnergy(drafts, options, findings);
  nameTheRail(drafts, options, findings);
  for (const draft of drafts) guessTimeUnit(draft, head.decimal, findings);
  guessEnergyUnits(drafts, head.decimal, findings);
  const unknown = Object.keys(options.columns ?? {}).filter((name) => !head.names.includes(name));
  if (unknown.length > 0) {
    findings.push({
      kind: 'unknown-column',
      level: 'warning',
      message: `The file has no column ${unknown.map((name) => `"${name}"`).join(', ')}; what was said of it has no effect.`,
      todo: `Its columns are ${head.names.slice(0, 40).join(', ')}.`,
    });
  }
  return {
    findings,
    columns: drafts.map(({ name, role, unit, rail, how, values }) => ({
      name,
      role,
      unit: role === 'ignore' ? null : unit,
      rail: ENERGY_ROLES.has(role) ? rail : null,
      how,
      examples: values.slice(0, EXAMPLES).map((text) => text.slice(0, EXAMPLE_CHARACTERS)),
    })),
  };
}

function draftOf(name: string, index: number, head: TableHead, options: ImportOptions): Draft {
  const values: string[] = [];
  for (const row of head.rows) {
    const cell = row[index];
    if (cell !== null && cell !== undefined && cell.trim() !== '') values.push(cell.trim());
  }
  const told = own(options.columns, name);
  const known = own(head.known, name);
  const named = readColumnName(name);
  const choice = told ?? known;
  if (choice === undefined) {
    return {
      name,
      role: named.role,
      unit: named.unit,
      rail: named.rail,
      how: named.unit === null ? 'guessed' : 'stated',
      values,
    };
  }
  const sameRole = named.role === choice.role;
  return {
    name,
    role: choice.role,
    unit: choice.unit ?? (sameRole ? named.unit : null),
    rail: choice.rail ?? named.rail,
    how: told === undefined ? 'stated' : 'told',
    values,
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A column of texts is none of numbers, whatever its name says. */
function dropByValues(draft: Draft, decimal: DecimalSign): void {
  const fallback = ROLE_UNITS[draft.role]?.[0] ?? null;
  const units = ROLE_UNITS[draft.role];
  if (draft.unit !== null && units !== undefined && !units.includes(draft.unit)) draft.unit = null;
  if (NUMERIC.has(draft.role) && draft.how !== 'told' && draft.values.length > 0) {
    const numbers = draft.values.filter((text) => readQuantity(text, fallback, decimal) !== undefined);
    if (numbers.length < draft.values.length / 2) draft.role = 'ignore';
  }
  if (
    draft.role === 'gpus' ||
    draft.role === 'batch' ||
    draft.role === 'trials' ||
    draft.role === 'iteration'
  ) {
    draft.unit = 'count';
  } else if (draft.unit === null && (units?.length ?? 0) === 1) {
    draft.unit = fallback;
  }
}

/** Of several columns for one role, the one that the user named, else the whole of something, else the first. */
function keepOne(drafts: readonly Draft[], role: ColumnRole): void {
  const rivals = drafts.filter((draft) => draft.role === role);
  if (rivals.length < 2) return;
  const rank = (draft: Draft): number =>
    (draft.how === 'told' ? 8 : 0) +
    (draft.values.length > 0 ? 4 : 0) +
    (/total|e2e|end.to.end|runtime|inference/i.test(draft.name) ? 2 : 0) +
    (/mean|avg|average/i.test(draft.name) ? 1 : 0) -
    (/paper|published|expected|predict/i.test(draft.name) ? 4 : 0);
  const best = rivals.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  for (const draft of rivals) if (draft !== best) draft.role = 'ignore';
}

/** Energies come before powers, powers before energies per token, parts before sums. */
function keepOneEnergy(drafts: readonly Draft[], options: ImportOptions, findings: ImportFinding[]): void {
  const of = (role: ColumnRole): Draft[] => drafts.filter((draft) => draft.role === role);
  const drop = (unused: readonly Draft[], why: string): void => {
    for (const draft of unused) draft.role = 'ignore';
    if (unused.length === 0) return;
    const names = unused
      .slice(0, NAMED)
      .map(({ name }) => `"${name}"`)
      .join(', ');
    const more = unused.length - NAMED;
    findings.push({
      kind: 'column-not-used',
      level: 'note',
      message: `${names}${more > 0 ? ` and ${more} more` : ''} ${unused.length > 1 ? 'are' : 'is'} not used: ${why}.`,
    });
  };
  const preferred = (['energy', 'power', 'energy-per-token'] as const).find(
    (role) => of(role).some(({ how }) => how === 'told') || of(role).length > 0,
  );
  for (const role of ['energy', 'power', 'energy-per-token'] as const) {
    if (role === preferred || preferred === undefined) continue;
    const rest = of(role).filter(({ how }) => how !== 'told');
    drop(rest, preferred === 'energy' ? 'the energy itself is there' : 'the power is there');
  }
  const energies = of(preferred ?? 'energy');
  const named = energies.filter(({ rail }) => rail !== null);
  const unnamed = energies.filter(({ rail, how }) => rail === null && how !== 'told');
  if (named.length > 0) drop(unnamed, 'no rail is named, and the rails have columns of their own');
  else drop(unnamed.slice(1), 'another column without a rail comes first');
  if (preferred === 'energy-per-token') drop(named.slice(1), 'one energy per token is enough');

  const present = RAILS.filter((rail) => of(preferred ?? 'energy').some((draft) => draft.rail === rail));
  const outer = boundaryRail(options.boundary);
  for (const rail of ['wall', 'machine', 'package'] as const) {
    if (!present.includes(rail)) continue;
    const inner = present.filter((each) => INSIDE[rail]!.includes(each));
    if (inner.length === 0) continue;
    // The parts say more; of a package and its cores the package is the whole that other tools report.
    const keepOuter = rail === 'package' ? outer !== 'cpu' : outer === rail;
    const left: readonly Rail[] = keepOuter ? inner : [rail];
    drop(
      of(preferred ?? 'energy').filter((draft) => draft.rail !== null && left.includes(draft.rail)),
      keepOuter ? `the ${rail} energy contains it` : 'it contains the other rails, which are there',
    );
  }
}

/** The one rail that stands for a boundary. */
function boundaryRail(boundary: ImportOptions['boundary']): Rail | undefined {
  if (boundary === undefined) return undefined;
  return ({ gpu: 'gpu', 'gpu+cpu': 'package', soc: 'package', machine: 'machine', wall: 'wall' } as const)[
    boundary
  ];
}

/** An energy that says not whose it is: of the boundary that the user says, else a guess that is told. */
function nameTheRail(drafts: readonly Draft[], options: ImportOptions, findings: ImportFinding[]): void {
  const unnamed = drafts.filter(
    ({ role, rail }) =>
      (role === 'energy' || role === 'power' || role === 'energy-per-token') && rail === null,
  );
  if (unnamed.length === 0) return;
  const told = boundaryRail(options.boundary);
  const gpu =
    (options.gpus ?? 0) > 0 ||
    drafts.some(({ role, values }) => role === 'gpus' && values.some((text) => Number(text) > 0));
  const rail = told ?? (gpu ? 'gpu' : 'machine');
  for (const draft of unnamed) draft.rail = rail;
  if (told !== undefined) return;
  findings.push({
    kind: 'rail-guessed',
    level: 'warning',
    message:
      `"${unnamed[0]!.name}" says not what the energy covers; it is taken as ` +
      `${rail === 'gpu' ? 'that of the GPU alone' : 'that of the whole machine'}.`,
    todo: 'Say the boundary (gpu, soc, machine, wall), or the rail of the column.',
  });
}
