import { formatCount } from '../format.ts';
import { ODD_TODO, oddCells } from '../oddCells.ts';
import { railNames, RAILS, type Cell, type Profile } from '../profile.ts';
import { leftOutNote } from '../trialValues.ts';
import { cellOf } from './cells.ts';
import { counterpart } from './nearest.ts';
import type { ImportFinding, Reading } from './observation.ts';
import { rows, type Query } from './query.ts';

/** Tokens that do not add up, and answers that stopped before what was asked for. */
export function tokenFindings(queries: readonly Query[]): ImportFinding[] {
  const findings: ImportFinding[] = [];
  const told = queries.filter(({ source }) => Number.isFinite(source.totalTokens));
  const off = told.filter(({ source, m, n }) => Math.abs(source.totalTokens! - m - n) > 0.5);
  if (off.length > 0) {
    const { m, n, source } = off[0]!;
    findings.push({
      kind: 'token-sum',
      level: 'warning',
      message:
        `In ${formatCount(off.length)} of ${rows(told.length)} the total is not input plus output tokens ` +
        `(${formatCount(m)} + ${formatCount(n)}, the total says ${formatCount(source.totalTokens!)}).`,
      todo: 'Find out which of the counts is what came: an answer that stopped early costs less than its cell says.',
    });
  }
  const asked = queries.filter(({ source }) => Number.isFinite(source.askedN));
  const short = asked.filter(({ source, n }) => Math.abs(source.askedN! - n) > 0.5);
  if (short.length > 0) {
    const apart = short.filter(
      (query) => cellOf(query).n !== Math.max(1, Math.round(query.source.askedN!)),
    ).length;
    findings.push({
      kind: 'output-limit',
      level: 'warning',
      message:
        `In ${formatCount(short.length)} of ${rows(asked.length)} other output tokens came than were asked for. Trials within a fifth ` +
        'stay in the cell that was asked for, with the tokens that came beside it' +
        (apart > 0
          ? `; ${rows(apart)} further off ${apart === 1 ? 'is' : 'are'} in the cell of what came.`
          : '.'),
      todo: 'Energy per token is taken over what came; look at the cells if that is not meant.',
    });
  }
  return findings;
}

/** Cells with too few trials to know how far their means can be trusted. */
export function trialFindings(cells: readonly Cell[]): ImportFinding[] {
  const few = cells.filter(({ trials }) => trials < 3);
  if (few.length === 0) return [];
  const single = cells.filter(({ trials }) => trials === 1).length;
  return [
    {
      kind: 'few-trials',
      level: 'warning',
      message:
        `${formatCount(few.length)} of ${formatCount(cells.length)} cells ${few.length === 1 ? 'has' : 'have'} fewer than 3 trials` +
        (single > 0 ? ` (${formatCount(single)} with one alone, and so no spread)` : '') +
        ': how far their means can be trusted is hardly known.',
      todo: 'Measure them again where it matters; 3 to 25 trials a cell are usual.',
    },
  ];
}

/** Cells with so many trials that their own values are not kept. */
export function leftOutFindings(cells: number): ImportFinding[] {
  return cells === 0 ? [] : [{ kind: 'trial-values', level: 'note', message: leftOutNote(cells) }];
}

/** Cells whose energy or runtime is far off that of the others. */
export function oddFindings(profile: Profile): ImportFinding[] {
  return oddCells(profile).map(({ cell, reasons }) => ({
    kind: 'odd-cell',
    level: 'warning',
    message: `The cell (${cell.m}, ${cell.n}) is far off the others. ${reasons.join(' ')}`,
    todo: ODD_TODO,
  }));
}

/** Energy that was not measured query by query. */
export function originFindings(readings: readonly Reading[], fromPower: boolean): ImportFinding[] {
  const kinds = new Set(readings.map(({ facts }) => facts.energyIs));
  const findings: ImportFinding[] = [];
  if (kinds.has('modelled')) {
    findings.push({
      kind: 'modelled',
      level: 'warning',
      message:
        'The energy was not measured per query: the source computes it from a mean, such as energy per token times length.',
      todo: 'Use it for orientation; measure the cells that decide.',
    });
  }
  if (kinds.has('estimated')) {
    findings.push({
      kind: 'estimate',
      level: 'warning',
      message:
        'The energy is an estimate of the source, from a stated power or a model of the hardware, and not measured.',
      todo: 'Keep it apart from measurements; the profile is labelled as an estimate.',
    });
  }
  if (fromPower) {
    findings.push({
      kind: 'energy-from-power',
      level: 'note',
      message: 'The energy of a row is its mean power times its runtime.',
    });
  }
  const perToken = readings.flatMap(({ columns }) => columns).find(({ role }) => role === 'energy-per-token');
  if (perToken !== undefined && !kinds.has('modelled')) {
    findings.push({
      kind: 'modelled',
      level: 'warning',
      message: `The energy of a row is "${perToken.name}" times its tokens: a mean that was spread over the length, and not measured per query.`,
      todo: 'Say another column if the energy itself is there.',
    });
  }
  return findings;
}

/** Rails that differ from the profile it will most likely be compared with. */
export function railFindings(profile: Profile, stored: readonly Profile[]): ImportFinding[] {
  const other = counterpart(profile, stored);
  if (other === undefined) return [];
  const shared = RAILS.filter((rail) => profile.rails.includes(rail) && other.rails.includes(rail));
  if (shared.length === profile.rails.length && shared.length === other.rails.length) return [];
  return [
    {
      kind: 'rails',
      level: shared.length === 0 ? 'warning' : 'note',
      message:
        `It has the energy of ${railNames(profile.rails)}; ${other.name}, which it may be compared with, has ${railNames(other.rails)}. ` +
        (shared.length === 0
          ? 'They share none, so they cannot be compared.'
          : `A comparison counts ${railNames(shared)}, which both have.`),
      ...(shared.length === 0
        ? { todo: 'Say which rail the energy is of, if it is of one that others have.' }
        : {}),
    },
  ];
}
