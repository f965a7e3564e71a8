import type { Rail } from '../profile.ts';
import type { ImportFinding, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';
import { railsIn, type DroppedRows, type Query } from './query.ts';
import type { Selection } from './select.ts';

/** Why there is nothing to import, where there is not. */
export function nothingFindings(
  readings: readonly Reading[],
  { queries, phase }: Selection,
  rails: readonly Rail[],
  dropped: DroppedRows,
): ImportFinding[] {
  if (queries.length > 0) return [];
  const seen = readings.reduce((total, { observations }) => total + observations.length, 0);
  if (seen === 0) {
    return [
      {
        kind: 'no-rows',
        level: 'error',
        message: 'The files have no row of measurements.',
        todo: 'Choose files with at least one measured query.',
      },
    ];
  }
  const all = readings.flatMap(({ observations }) => observations);
  const lacks = (absent: (row: (typeof all)[number]) => boolean): boolean => all.every(absent);
  if (lacks(({ m }) => m === undefined) || lacks(({ n }) => n === undefined)) {
    const what = lacks(({ m }) => m === undefined)
      ? lacks(({ n }) => n === undefined)
        ? 'input and output tokens'
        : 'input tokens'
      : 'output tokens';
    return [
      {
        kind: 'no-tokens',
        level: 'error',
        message: `No row tells its ${what}, so the energies belong to no cell.`,
        todo: 'Say which column has them (--column "NAME=input-tokens"), or how many every query had (--input-tokens, --output-tokens).',
      },
    ];
  }
  if (rails.length === 0 && lacks(({ energyJ }) => railsIn(energyJ).length === 0)) {
    return [
      {
        kind: 'no-energy',
        level: 'error',
        message: 'No row has an energy, nor a power to compute it from.',
        todo: 'Say which column has it (--column "NAME=energy:J:gpu"), or give the power log that belongs to these requests along with them.',
      },
    ];
  }
  if (lacks(({ runtimeS }) => runtimeS === undefined)) {
    return [
      {
        kind: 'no-runtime',
        level: 'error',
        message: 'No row has a runtime.',
        todo: 'Say which column has it (--column "NAME=runtime:s").',
      },
    ];
  }
  const reasons = dropped.list.sort((a, b) => b.count - a.count);
  return [
    {
      kind: 'no-queries',
      level: 'error',
      message: `None of ${seen} rows counts as a query: ${reasons
        .slice(0, 3)
        .map(({ count, reason }) => `${count} × ${reason}`)
        .join('; ')}.`,
      todo:
        phase === undefined
          ? 'Look at how the columns were understood.'
          : `Look at the phases: rows count whose phase contains "${phase}".`,
    },
  ];
}

/** A system or a model that nobody names. */
export function nameFindings(system: string | undefined, model: string | undefined): ImportFinding[] {
  const findings: ImportFinding[] = [];
  for (const [what, name] of [
    ['system', system],
    ['model', model],
  ] as const) {
    if (name !== undefined) continue;
    findings.push({
      kind: `no-${what}`,
      level: 'error',
      message: `The files do not say ${what === 'system' ? 'on which system it was measured' : 'which model ran'}.`,
      todo: `Name the ${what} (--${what} NAME).`,
    });
  }
  return findings;
}

/** Rows of several numbers of GPUs. */
export function gpuFindings(queries: readonly Query[], options: ImportOptions): ImportFinding[] {
  const counts = [
    ...new Set(queries.map(({ source }) => source.gpus).filter((count) => count !== undefined)),
  ];
  if (options.gpus !== undefined || counts.length < 2) return [];
  return [
    {
      kind: 'mixed-gpus',
      level: 'warning',
      message: `The rows have ${counts.sort((a, b) => a - b).join(' and ')} GPUs, which are systems of their own.`,
      todo: 'Import the rows of each number of GPUs from a file of its own.',
    },
  ];
}
