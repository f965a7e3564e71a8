import { busySpans } from '#core/import/align';
import type { Diagnosis } from '#core/import/diagnosis';
import { joinEvents } from '#core/import/joinEvents';
import { piecesOf, shareOut, spanOf, withEnergy, type LogShare } from '#core/import/join';
import type { ImportFinding, Observation, Reading, SourceClock } from '#core/import/observation';
import type { Span } from '#core/meter';
import { overlapping, type Rail } from '#core/rails';
import { findShift, type FoundShift } from './findShift.ts';
import type { PowerLog } from './importFormat.ts';
import { clockFindings, energyFindings, railFindings } from './joinFindings.ts';

/** What came of putting power logs and readings together. */
export interface JoinedLogs {
  readonly readings: readonly Reading[];
  readonly findings: readonly ImportFinding[];
  readonly clock?: NonNullable<Diagnosis['clock']>;
}

/** A date without a zone, as most logs have it, written by a clock that may be some seconds off. */
const USUAL_CLOCK: SourceClock = { kind: 'local', slackS: 5 };

/** A row of a reading with its time. */
interface TimedRow {
  readonly reading: number;
  readonly row: number;
  readonly span: Span;
}

/**
 * Gives readings the energies of power logs: by the names of events where the log has them, else by time.
 * @param toldShiftS what the user says is to be added to the logs' clocks, s
 * @throws LabError "interrupted", "file-not-readable"
 */
export async function joinLogs(
  readings: readonly Reading[],
  logs: readonly PowerLog[],
  toldShiftS: number | undefined,
  signal: AbortSignal,
): Promise<JoinedLogs> {
  const findings: ImportFinding[] = [];
  let joined = readings;
  for (const log of logs.filter(({ report }) => report.events !== undefined)) {
    joined = joined.map((reading) => {
      const { observations, findings: more } = joinEvents(
        reading.observations,
        log.report.events!,
        log.file.name,
      );
      findings.push(...more);
      return { ...reading, observations };
    });
  }
  const timed = logs.filter(({ report }) => report.events === undefined);
  if (timed.length === 0) return { readings: joined, findings };

  const counted = countedRails(timed);
  findings.push(...railFindings(timed, counted));
  const shares = joined.map(({ observations }) => observations.map((): LogShare[] => []));
  const own = joined.map(({ observations }) => observations.map(spanOf));
  let clock: FoundShift | undefined;
  for (const [index, log] of timed.entries()) {
    const rows: TimedRow[] = [];
    for (const [which, reading] of joined.entries()) {
      const spans = own[which]!.filter((span) => span !== undefined);
      if (spans.length === 0) continue;
      const shift = await findShift(log, busySpans(spans), reading.clock ?? USUAL_CLOCK, toldShiftS, signal);
      findings.push(...clockFindings(log, reading, spans, shift));
      clock ??= shift;
      if (!(shift.within > 0)) continue;
      const offsetS = -shift.shiftS - log.originS;
      own[which]!.forEach((span, row) => {
        if (span === undefined) return;
        rows.push({
          reading: which,
          row,
          span: { startS: span.startS + offsetS, endS: span.endS + offsetS },
        });
      });
    }
    const pieces = piecesOf(rows.map(({ span }) => span));
    const energies = await log.integrate(pieces.spans, signal);
    shareOut(pieces, energies).forEach((energy, i) => {
      const { reading, row } = rows[i]!;
      shares[reading]![row]!.push({ rails: counted[index]!, energy });
    });
  }
  const withLogs = joined.map((reading, which) => ({
    ...reading,
    observations: reading.observations.map((observation, row) =>
      withEnergy(observation, shares[which]![row]!),
    ),
  }));
  for (const [which, reading] of joined.entries()) {
    findings.push(...energyFindings(reading, own[which]!, shares[which]!, timed));
  }
  return {
    readings: withLogs.map((reading, which) => ofQueries(reading, joined[which]!.observations)),
    findings,
    ...(clock === undefined
      ? {}
      : {
          clock: {
            shiftS: clock.shiftS,
            uncertaintyS: clock.uncertaintyS,
            confidence: clock.confidence,
            how: clock.how,
          },
        }),
  };
}

/** Energies that requests share are those of one query already. */
function ofQueries(reading: Reading, before: readonly Observation[]): Reading {
  const shared = reading.observations.some(
    (row, i) => row.batch !== undefined && before[i]!.batch === undefined,
  );
  return shared ? { ...reading, facts: { ...reading.facts, energyPer: 'query' } } : reading;
}

/**
 * The rails that count of each log. The same rail in two logs of one form is of two devices, and is added up; in two
 * forms it is of the same device, which counts once, as does a rail that another log's rail is part of.
 */
function countedRails(logs: readonly PowerLog[]): Rail[][] {
  const counted: Rail[][] = [];
  for (const { rails, format } of logs) {
    const earlier = counted.flatMap((each, index) =>
      each.map((rail) => ({ rail, same: logs[index]!.format.id === format.id })),
    );
    counted.push(
      rails.filter((rail) =>
        earlier.every((other) => !overlapping(other.rail, rail) || (other.rail === rail && other.same)),
      ),
    );
  }
  return counted;
}
