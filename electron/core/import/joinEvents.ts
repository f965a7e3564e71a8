import type { RailEnergy } from '../meter.ts';
import { overlapping, RAILS, type Rail } from '../rails.ts';
import type { TraceEvent } from '../traceReport.ts';
import type { ImportFinding, Observation } from './observation.ts';

/** What came of putting a power log with named events beside a table of the same events. */
export interface JoinedEvents {
  readonly observations: readonly Observation[];
  /** events of the log that have a row */
  readonly matched: number;
  readonly findings: readonly ImportFinding[];
}

/** The authors' own integrals of the paper's logs agree to eight digits; this is far more than rounding. */
const SAME = 1e-3;

/**
 * Rows whose phase is an event of a power log get that event's energy. A log is of one run, and a table may hold
 * several: of the rows of one event that one is taken whose energy is the log's, else the first. The coverage is the
 * time that the log has of the event over the row's runtime. Other rows stay as they are.
 * @param events by name, as a power log reports them
 */
export function joinEvents(
  observations: readonly Observation[],
  events: Readonly<Record<string, TraceEvent>>,
  logName: string,
): JoinedEvents {
  const taken = new Map<number, TraceEvent>();
  let worst = 0;
  for (const [phase, event] of Object.entries(events)) {
    const rows = observations.flatMap((row, index) => (row.phase === phase ? [index] : []));
    const deviations = rows.map((index) => deviation(observations[index]!.energyJ, event.energyJ));
    const same = deviations.findIndex((each) => each !== undefined && each <= SAME);
    const index = rows[Math.max(0, same)];
    if (index === undefined) continue;
    taken.set(index, event);
    worst = Math.max(worst, deviations[Math.max(0, same)] ?? 0);
  }
  const matched = taken.size;
  if (matched === 0) return { observations, matched, findings: [] };
  const joined = observations.map((observation, index) => {
    const event = taken.get(index);
    if (event === undefined) return observation;
    const { runtimeS } = observation;
    const coverage = runtimeS === undefined || !(runtimeS > 0) ? undefined : event.durationS / runtimeS;
    return {
      ...observation,
      energyJ: { ...besideEvent(observation.energyJ, event.energyJ), ...event.energyJ },
      ...(coverage === undefined ? {} : { coverage: Math.min(1, coverage) }),
    };
  });
  const rest = observations.length - matched;
  const findings: ImportFinding[] = [
    {
      kind: 'events-joined',
      level: 'note',
      message:
        `${matched} of ${observations.length} rows have their energy from the events of ${logName}` +
        (rest > 0 ? '; the others keep that of the table.' : '.'),
    },
  ];
  if (worst > SAME) {
    findings.push({
      kind: 'power-log-differs',
      level: 'warning',
      message: `The energies of ${logName} differ from those of the table by up to ${(100 * worst).toFixed(1)}%; the log's are taken.`,
      todo: 'Check that the log and the table are of the same run.',
    });
  }
  return { observations: joined, matched, findings };
}

/** What a row's own energies add to those of its event: not what holds them, nor what they hold. */
function besideEvent(own: RailEnergy, logged: RailEnergy): RailEnergy {
  const rails = RAILS.filter((rail) => logged[rail] !== undefined);
  const isBeside = (rail: Rail): boolean => !rails.some((other) => overlapping(rail, other));
  return Object.fromEntries(
    RAILS.flatMap((rail) => (own[rail] !== undefined && isBeside(rail) ? [[rail, own[rail]]] : [])),
  );
}

/** Events of a power log as observations of their own: an energy and a time, and no tokens. */
export function eventObservations(events: Readonly<Record<string, TraceEvent>>): Observation[] {
  return Object.entries(events).map(([phase, { energyJ, durationS }], index) => ({
    row: index + 1,
    phase,
    energyJ,
    runtimeS: durationS,
    trials: 1,
  }));
}

/** The largest part by which the energies of a log differ from those of a row; undefined where it has none. */
function deviation(own: RailEnergy, logged: RailEnergy): number | undefined {
  const deviations = RAILS.flatMap((rail) => {
    const [mine, its] = [own[rail], logged[rail]];
    return mine === undefined || its === undefined || !(mine > 0) ? [] : [Math.abs(its / mine - 1)];
  });
  return deviations.length === 0 ? undefined : Math.max(...deviations);
}
