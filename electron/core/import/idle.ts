import { RAILS, railNames, type Rail } from '../profile.ts';
import { totalOf, type RailEnergy } from '../meter.ts';
import type { ImportFinding } from './observation.ts';
import type { ImportOptions } from './options.ts';
import { rows, type DroppedRows, type Query } from './query.ts';

/** of any idle machine over any query */
const MOST_J = 1e15;

/** Queries with the idle energy that is known of them, taken away where that was asked for. */
export interface Idle {
  readonly queries: readonly Query[];
  readonly findings: readonly ImportFinding[];
  readonly mode: NonNullable<ImportOptions['idle']>;
  /** mean idle power by rail, W, of the rails of which every query tells it */
  readonly idleW: RailEnergy;
}

/**
 * Idle energies: those of the source's own columns, else the idle power that the user states times the runtime. Kept
 * gross, the energy stays what was counted and the part above idle stands beside it; subtracted, it is that part alone.
 */
export function handleIdle(
  queries: readonly Query[],
  rails: readonly Rail[],
  options: ImportOptions,
  dropped: DroppedRows,
): Idle {
  const mode = options.idle ?? 'gross';
  const findings: ImportFinding[] = [];
  const known = queries.map((query): Query => {
    if (query.idleJ === undefined && options.idleW === undefined) return query;
    const idleJ: RailEnergy = {};
    for (const rail of rails) {
      const watts = options.idleW?.[rail];
      const energy = watts === undefined ? query.idleJ?.[rail] : watts * query.runtimeS;
      if (energy !== undefined && energy >= 0 && energy < MOST_J) idleJ[rail] = energy;
    }
    return { ...query, idleJ };
  });
  const told = rails.filter(
    (rail) => known.length > 0 && known.every(({ idleJ }) => idleJ?.[rail] !== undefined),
  );
  const idleW: RailEnergy = {};
  for (const rail of told) {
    const trials = known.reduce((total, query) => total + query.trials, 0);
    idleW[rail] =
      known.reduce((total, query) => total + (query.trials * query.idleJ![rail]!) / query.runtimeS, 0) /
      trials;
  }
  if (mode === 'gross') {
    if (told.length > 0) {
      findings.push({
        kind: 'idle',
        level: 'note',
        message: `The energies are gross: what the idle machine would have drawn is part of them. It is known of ${railNames(told)}, and the energy above it is kept beside.`,
      });
    }
    return { queries: known, findings, mode, idleW };
  }
  if (told.length === 0) {
    findings.push({
      kind: 'idle',
      level: 'error',
      message:
        'The idle energy was to be taken away, but the files tell none of every row, and no idle power was stated.',
      todo: 'State the idle power (--idle gpu=50), or keep the energies gross (--idle gross).',
    });
    return { queries: known, findings, mode, idleW };
  }
  const net = known.flatMap((query): Query[] => {
    const energyJ: RailEnergy = {};
    for (const rail of RAILS) {
      const gross = query.energyJ[rail];
      if (gross !== undefined) energyJ[rail] = gross - (told.includes(rail) ? query.idleJ![rail]! : 0);
    }
    return (totalOf(energyJ) ?? 0) > 0 ? [{ ...query, energyJ, idleJ: {} }] : [];
  });
  dropped.add('nothing left above idle', known.length - net.length);
  findings.push({
    kind: 'idle',
    level: 'warning',
    message:
      `The idle energy of ${railNames(told)} was taken away` +
      (known.length > net.length ? `; ${rows(known.length - net.length)} had nothing left` : '') +
      '. The other profiles of the lab are gross: beside them it looks better than it is.',
    todo: 'Keep the energies gross (--idle gross) to compare like for like.',
  });
  return { queries: net, findings, mode, idleW };
}
