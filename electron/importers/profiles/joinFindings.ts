import { deviationOf, type LogShare } from '#core/import/join';
import type { ImportFinding, Reading } from '#core/import/observation';
import type { Span } from '#core/meter';
import { railNames, type Rail } from '#core/profile';
import type { FoundShift } from './findShift.ts';
import type { PowerLog } from './importFormat.ts';

const HOUR_S = 3600;
/** Below this a shift by the power's shape is a guess. */
const SURE = 0.4;
/** A log and a table of the same run agree to within what their edges take. */
const AGREE = 0.1;

/** What is to be said of the clocks of a power log and of a reading. */
export function clockFindings(
  log: PowerLog,
  reading: Reading,
  spans: readonly Span[],
  shift: FoundShift,
): ImportFinding[] {
  const [power, requests] = [log.file.name, reading.file.name];
  if (!(shift.within > 0)) return [apart(log, reading, spans, shift)];
  const findings: ImportFinding[] = [];
  const own = log.clock.kind === 'own' || reading.clock?.kind === 'own';
  const hours = own ? 0 : Math.round((shift.shiftS / HOUR_S) * 4) / 4;
  const rest = shift.shiftS - hours * HOUR_S;
  if (shift.how === 'estimated' && hours !== 0) {
    findings.push({
      kind: 'clock-zone',
      level: 'note',
      message: `The clock of ${power} is taken to be ${Math.abs(hours)} h ${hours > 0 ? 'behind' : 'ahead of'} that of ${requests}: a time zone.`,
    });
  }
  if (shift.how === 'estimated' && (own || Math.abs(rest) > shift.uncertaintyS)) {
    findings.push({
      kind: 'clock-shift',
      level: 'warning',
      message: `The samples of ${power} were moved by ${rest.toFixed(2)} s (± ${shift.uncertaintyS.toFixed(2)} s), where their power goes with the requests of ${requests} best.`,
      todo: 'Look at the alignment, and say the shift yourself (--clock-shift SECONDS) where it is wrong.',
    });
  }
  if (shift.how !== 'told' && shift.zones > 1 && shift.confidence < SURE) {
    findings.push({
      kind: 'clock-uncertain',
      level: 'warning',
      message: `${power} has no time zone, and the requests of ${requests} fit into it at ${shift.zones} of them; the power hardly tells which is right.`,
      todo: 'Say the shift (--clock-shift SECONDS).',
    });
  } else if (shift.how !== 'told' && own && shift.confidence < SURE) {
    findings.push({
      kind: 'clock-uncertain',
      level: 'warning',
      message: `${power} and ${requests} have no clock in common, and the power hardly tells where the requests are in it.`,
      todo: 'Say the shift (--clock-shift SECONDS).',
    });
  }
  return findings;
}

function apart(log: PowerLog, reading: Reading, spans: readonly Span[], { how }: FoundShift): ImportFinding {
  const startS = Math.min(...spans.slice(0, 1000).map((span) => span.startS));
  const endS = spans.reduce((last, span) => Math.max(last, span.endS), -Infinity);
  const dated = log.clock.kind !== 'own' && reading.clock?.kind !== 'own';
  const when = (fromS: number, toS: number): string =>
    dated ? `from ${timeText(fromS)} to ${timeText(toS)}` : `for ${Math.round(toS - fromS)} s`;
  const logged = when(log.originS + log.span.startS, log.originS + log.span.endS);
  const shifted = how === 'told' ? ', with the shift that you say' : dated ? ', in whatever time zone' : '';
  return {
    kind: 'no-overlap',
    level: 'error',
    message: `${log.file.name} runs ${logged}, the requests of ${reading.file.name} ${when(startS, endS)}: they have no time in common${shifted}.`,
    todo: 'Bring the power log of that run, or say the shift between the clocks (--clock-shift SECONDS).',
  };
}

function timeText(atS: number): string {
  const date = new Date(atS * 1000);
  return Number.isNaN(date.getTime()) ? `${atS} s` : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** What is to be said of the rails of several power logs. */
export function railFindings(
  logs: readonly PowerLog[],
  counted: readonly (readonly Rail[])[],
): ImportFinding[] {
  const findings: ImportFinding[] = [];
  const holders = new Map<Rail, string[]>();
  for (const [index, { file, rails }] of logs.entries()) {
    const left = rails.filter((rail) => !counted[index]!.includes(rail));
    if (left.length > 0) {
      findings.push({
        kind: 'rail-twice',
        level: 'warning',
        message: `The ${railNames(left)} energy of ${file.name} is not counted: another power log has it already.`,
        todo: 'Leave out the power log that is not to count.',
      });
    }
    for (const rail of counted[index]!) holders.set(rail, [...(holders.get(rail) ?? []), file.name]);
  }
  for (const [rail, names] of holders) {
    if (names.length < 2) continue;
    findings.push({
      kind: 'rails-added',
      level: 'warning',
      message: `The ${railNames([rail])} energies of ${names.join(' and ')} are added up, as of several devices that work together.`,
      todo: 'Leave one out where they are of the same device.',
    });
  }
  return findings;
}

/** What is to be said of the energies that a reading got, or has beside its own. */
export function energyFindings(
  reading: Reading,
  spans: readonly (Span | undefined)[],
  shares: readonly (readonly LogShare[])[],
  logs: readonly PowerLog[],
): ImportFinding[] {
  const findings: ImportFinding[] = [];
  const name = reading.file.name;
  const untimed = reading.observations.filter((_, row) => spans[row] === undefined).length;
  if (untimed > 0 && reading.profile === undefined) {
    findings.push({
      kind: 'no-times',
      level: untimed === reading.observations.length ? 'error' : 'warning',
      message: `${untimed === reading.observations.length ? 'The' : untimed} rows of ${name} do not tell when they began and ended, so ${logs.map(({ file }) => file.name).join(' and ')} cannot be put beside them.`,
      todo: 'Say which column has the start (--column "NAME=start-time"), or leave out the power log.',
    });
  }
  const flights = shares.flat().map(({ energy }) => energy.concurrency);
  const most = flights.reduce((a, b) => Math.max(a, b), 0);
  if (most > 1.05) {
    const mean = flights.reduce((a, b) => a + b, 0) / flights.length;
    findings.push({
      kind: 'shared-energy',
      level: 'warning',
      message: `Requests of ${name} overlap: ${mean.toFixed(1)} are in flight in the mean, up to ${most.toFixed(1)}. The energy of time that they share is divided equally among them; nobody can tell their own apart.`,
      todo: 'Compare with systems that run as many queries at once, or measure one query at a time.',
    });
  }
  const deviations = reading.observations
    .flatMap((row, i) => shares[i]!.map((share) => deviationOf(row, share)))
    .filter((value) => value !== undefined)
    .sort((a, b) => a - b);
  const median = deviations[Math.floor(deviations.length / 2)];
  if (median !== undefined) {
    const agrees = Math.abs(median) <= AGREE;
    findings.push({
      kind: agrees ? 'power-log-agrees' : 'power-log-differs',
      level: agrees ? 'note' : 'warning',
      message: `The power logs come to ${(100 * Math.abs(median)).toFixed(1)}% ${median < 0 ? 'less' : 'more'} than the energies of ${name}, in the median of ${deviations.length} rows; the file's own are kept.`,
      ...(agrees ? {} : { todo: 'Check that both are of the same run and the same devices.' }),
    });
  }
  return findings;
}
