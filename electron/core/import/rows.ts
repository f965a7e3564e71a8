import type { RailEnergy } from '../meter.ts';
import type { Rail } from '../profile.ts';
import { readColumnName } from './columnNames.ts';
import type { TextCell } from './columns.ts';
import { readQuantity, type DecimalSign } from './numberText.ts';
import {
  SINGLE_ROLES,
  type ColumnRole,
  type Dropped,
  type ImportFinding,
  type Observation,
  type UnderstoodColumn,
} from './observation.ts';

/** Turns the rows of a table into observations, one by one; it judges nothing. */
export interface RowReader {
  /** @param row number of the row in its source, from 1 */
  push(cells: readonly TextCell[], row: number): void;
  readonly observations: readonly Observation[];
  /** what was left out, and what is odd; complete when every row was pushed */
  end(): { readonly dropped: readonly Dropped[]; readonly findings: readonly ImportFinding[] };
}

interface Place {
  readonly column: UnderstoodColumn;
  readonly index: number;
  /** tokens that an energy per token is multiplied by */
  readonly per: 'output' | 'total';
}

/** What an unquoted date looks like in the logs of the tools that we know. */
const DATE =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A date and time, s since 1970. Without a zone it is taken for UTC, so that the same file gives the same times
 * everywhere.
 * @returns undefined when the text is none
 */
export function readTime(text: string): number | undefined {
  const match = DATE.exec(text.trim().slice(0, 64));
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const whole = Date.UTC(+year!, +month! - 1, +day!, +hour, +minute, +second) / 1000;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (+hours! * 3600 + +minutes! * 60);
  return whole + (fraction === '' ? 0 : Number(`0.${fraction}`)) - offset;
}

/**
 * @param columns in the table's order
 * @param stated what holds for every row that does not say so itself
 */
export function readRows(
  columns: readonly UnderstoodColumn[],
  decimal: DecimalSign,
  stated: { readonly inputTokens?: number | undefined; readonly outputTokens?: number | undefined } = {},
): RowReader {
  const places = columns.map((column, index): Place => ({
    column,
    index,
    per: readColumnName(column.name).per ?? 'output',
  }));
  const of = (role: ColumnRole): Place | undefined => places.find(({ column }) => column.role === role);
  const all = (role: ColumnRole): Place[] => places.filter(({ column }) => column.role === role);
  const single = Object.fromEntries(SINGLE_ROLES.map((role) => [role, of(role)])) as Record<
    ColumnRole,
    Place | undefined
  >;
  const energies = all('energy');
  const powers = all('power');
  const perToken = all('energy-per-token')[0];
  const idles = all('idle-energy');
  const names = columns.map(({ name }) => name);

  const observations: Observation[] = [];
  const broken = new Map<string, { count: number; example: string }>();
  let again = 0;
  let blank = 0;

  const text = (place: Place | undefined, cells: readonly TextCell[]): string | undefined => {
    const cell = place === undefined ? undefined : cells[place.index];
    const trimmed = cell?.trim();
    return trimmed === undefined || trimmed === '' ? undefined : trimmed;
  };
  /** In J, W, s or a count; absent where the cell has no number. */
  const number = (place: Place | undefined, cells: readonly TextCell[]): number | undefined => {
    const cell = text(place, cells);
    if (place === undefined || cell === undefined) return undefined;
    const value = readQuantity(cell, place.column.unit, decimal);
    if (value === undefined) {
      const known = broken.get(place.column.name);
      if (known === undefined) broken.set(place.column.name, { count: 1, example: cell.slice(0, 40) });
      else known.count += 1;
      return undefined;
    }
    return Number.isNaN(value) ? undefined : value;
  };
  const clock = (place: Place | undefined, cells: readonly TextCell[]): number | undefined => {
    const cell = text(place, cells);
    if (cell === undefined) return undefined;
    return readTime(cell) ?? (place!.column.unit === 'time' ? undefined : number(place, cells));
  };
  const byRail = (
    found: readonly Place[],
    cells: readonly TextCell[],
    convert: (value: number, place: Place) => number | undefined,
  ): RailEnergy => {
    const sums = new Map<Rail, number | undefined>();
    for (const place of found) {
      const { rail } = place.column;
      if (rail === null) continue;
      const value = number(place, cells);
      const energy = value === undefined ? undefined : convert(value, place);
      const before = sums.get(rail);
      // One of two GPUs without a reading leaves the energy of both unknown.
      if (sums.has(rail))
        sums.set(rail, before === undefined || energy === undefined ? undefined : before + energy);
      else sums.set(rail, energy);
    }
    return Object.fromEntries([...sums].filter(([, value]) => value !== undefined));
  };

  const observe = (cells: readonly TextCell[], row: number): Observation => {
    const m = number(single['input-tokens'], cells) ?? stated.inputTokens;
    const total = number(single['total-tokens'], cells);
    const limit = number(single['output-limit'], cells);
    const came = number(single['output-tokens'], cells);
    const n =
      came ??
      limit ??
      (total !== undefined && m !== undefined ? total - m : undefined) ??
      stated.outputTokens;
    const startS = clock(single['start-time'], cells);
    const endS = clock(single['end-time'], cells);
    const spanS = startS !== undefined && endS !== undefined ? endS - startS : undefined;
    const runtimeS = number(single.runtime, cells) ?? spanS;
    let energyJ = byRail(energies, cells, (value) => value);
    if (energies.length === 0 && powers.length > 0) {
      energyJ = byRail(powers, cells, (watts) => (runtimeS === undefined ? undefined : watts * runtimeS));
    } else if (energies.length === 0 && perToken !== undefined) {
      const tokens = perToken.per === 'total' ? (m !== undefined && n !== undefined ? m + n : total) : n;
      energyJ = byRail([perToken], cells, (value) => (tokens === undefined ? undefined : value * tokens));
    }
    const idleJ = byRail(idles, cells, (value) => value);
    const trials = number(single.trials, cells);
    const phase = text(single.phase, cells);
    const model = text(single.model, cells);
    const system = text(single.system, cells);
    return {
      row,
      energyJ,
      trials: trials !== undefined && Number.isFinite(trials) ? Math.max(1, Math.round(trials)) : 1,
      ...present({
        m,
        n,
        askedN: came !== undefined ? limit : undefined,
        totalTokens: total,
        runtimeS,
        firstTokenS: number(single['first-token-time'], cells),
        startS,
        endS: endS ?? (startS !== undefined && runtimeS !== undefined ? startS + runtimeS : undefined),
        sdEnergyJ: number(single['energy-sd'], cells),
        sdRuntimeS: number(single['runtime-sd'], cells),
        iteration: number(single.iteration, cells),
        batch: number(single.batch, cells),
        gpus: number(single.gpus, cells),
      }),
      ...(Object.keys(idleJ).length === 0 ? {} : { idleJ }),
      ...(phase === undefined ? {} : { phase }),
      ...(model === undefined ? {} : { model }),
      ...(system === undefined ? {} : { system }),
    };
  };

  return {
    observations,
    push: (cells, row) => {
      if (cells.every((cell) => cell === null || cell.trim() === '')) blank += 1;
      else if (cells.length >= names.length && names.every((name, i) => cells[i]?.trim() === name))
        again += 1;
      else observations.push(observe(cells, row));
    },
    end: () => ({
      dropped: [
        ...(again > 0 ? [{ count: again, reason: 'the header again' }] : []),
        ...(blank > 0 ? [{ count: blank, reason: 'empty' }] : []),
      ],
      findings: [...broken].map(([name, { count, example }]) => ({
        kind: 'not-a-number',
        level: 'warning' as const,
        message: `${count} ${count > 1 ? 'cells' : 'cell'} of "${name}" hold${count > 1 ? '' : 's'} no number, as in "${example}"; ${count > 1 ? 'they count' : 'it counts'} as absent.`,
        todo: 'Mend them in the file, or say what the column is.',
      })),
    }),
  };
}

function present<T extends Record<string, number | undefined>>(values: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: number;
  };
}
