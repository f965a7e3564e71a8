import { formatCount, formatNumber } from '../format.ts';
import { railNames, type Rail } from '../profile.ts';
import type { Device } from './devices.ts';
import type { ColumnUnit, ImportFinding, Reading } from './observation.ts';
import { ROLE_UNITS, unitSize } from './quantity.ts';
import { median, rows, type Query } from './query.ts';

/** The hardware that energies are judged by. */
export interface Hardware {
  readonly device: Device | undefined;
  readonly gpus: number;
  /** of all devices together, W, where the user states it */
  readonly ratedW: number | undefined;
}

/** Meters and short windows may be off by so much. */
const TOLERANCE = 1.1;
/** The largest power that anything sold draws, by rail, W: two sockets of 500 W; DGX B200, 14.3 kW for the machine. */
const MOST_W: Readonly<Record<Rail, number>> = {
  cpu: 1000,
  gpu: 1500,
  ane: 100,
  dram: 500,
  package: 1000,
  machine: 15_000,
  wall: 15_000,
};
const LEAST_W: Readonly<Record<Rail, number>> = {
  // The paper counts a process's share of the CPU, which may be next to nothing.
  cpu: 1e-4,
  gpu: 0.02,
  ane: 0,
  dram: 1e-3,
  package: 0.02,
  machine: 1,
  wall: 1,
};
/** A GPU at work draws at least so much of its idle power: the true one is half of that in the table at times. */
const OF_IDLE = 0.5;
/** A misfit that only a wrong unit explains. */
const SLIP = 10;
/** s for one output token: without a KV cache a Mac took 15; a minute is nobody's. */
const MOST_S_PER_TOKEN = 60;
const LEAST_S_PER_TOKEN = 2e-5;

/** What a rail can draw: the least at work and the most, W. */
function bounds(rail: Rail, { device, gpus, ratedW }: Hardware): { least: number; most: number; of: string } {
  if (device?.kind === 'soc') {
    const most = ratedW ?? device.ratedW;
    return { least: LEAST_W[rail], most, of: `a Mac with ${device.name}` };
  }
  if (rail === 'gpu') {
    const count = Math.max(1, gpus);
    if (ratedW !== undefined) return { least: LEAST_W.gpu, most: ratedW, of: 'the hardware as stated' };
    if (device !== undefined) {
      return {
        least: OF_IDLE * device.idleW * count,
        most: device.ratedW * count,
        of: `${count} × ${device.name}`,
      };
    }
    return { least: LEAST_W.gpu, most: MOST_W.gpu * count, of: `${count} of the largest GPUs` };
  }
  return { least: LEAST_W[rail], most: MOST_W[rail], of: `the ${railNames([rail])} of any machine` };
}

/** Energy over runtime against what the hardware can draw; rows are whole, before batches are divided. */
export function powerFindings(
  queries: readonly Query[],
  rails: readonly Rail[],
  hardware: Hardware,
  readings: readonly Reading[],
): ImportFinding[] {
  return rails.flatMap((rail): ImportFinding[] => {
    const powers = queries.map((query) => (energyTogether(query) * query.energyJ[rail]!) / query.runtimeS);
    const middle = median(powers);
    if (middle === undefined || !(middle > 0)) return [];
    const { least, most, of } = bounds(rail, hardware);
    if (middle > most * TOLERANCE)
      return [tooMuch(rail, middle, { floor: least, most, of }, queries, readings)];
    if (middle < least) return [tooLittle(rail, middle, { floor: least, most, of }, queries, readings)];
    const above = powers.filter((power) => power > most * TOLERANCE).length;
    if (above === 0) return [];
    return [
      {
        kind: 'above-rated',
        level: 'warning',
        message: `${rows(above)} of ${formatCount(powers.length)} would have drawn more ${railNames([rail])} power than ${of} can (${watts(most)}).`,
        todo: 'Look at their energies and runtimes: a sum over several queries, or a counter that jumped.',
      },
    ];
  });
}

/** How many times a row's energy the machine took while it ran: more than once where it is that of one query of many. */
function energyTogether({ source, reading }: Query): number {
  return reading.facts.energyPer === 'query' ? Math.max(1, source.batch ?? reading.facts.batch ?? 1) : 1;
}

interface Bounds {
  readonly floor: number;
  readonly most: number;
  readonly of: string;
}

function tooMuch(
  rail: Rail,
  power: number,
  { floor, most, of }: Bounds,
  queries: readonly Query[],
  readings: readonly Reading[],
): ImportFinding {
  const what = `The ${railNames([rail])} energy over the runtime is ${watts(power)}, and ${of} can draw ${watts(most)}`;
  const energy = columnOf(readings, 'energy', rail);
  const runtime = columnOf(readings, 'runtime');
  const far = power > SLIP * most;
  const unit = far ? energy && otherUnit(energy, power, floor, most) : undefined;
  const slower = runtime && otherRuntime(runtime, power, floor, most, queries);
  if (runtime !== undefined && slower !== undefined && runtime.how !== 'told') {
    return slip(
      `${what}.`,
      runtime.name,
      runtime.unit,
      slower,
      1 / unitSize(runtime.unit ?? 's') / (1 / unitSize(slower)),
      'runtime',
    );
  }
  if (energy !== undefined && unit !== undefined) {
    return slip(
      `${what}.`,
      energy.name,
      energy.unit,
      unit,
      unitSize(energy.unit ?? 'J') / unitSize(unit),
      `energy:${unit}:${rail}`,
    );
  }
  return {
    kind: 'above-rated',
    level: power > 3 * most ? 'error' : 'warning',
    message: `${what}.`,
    todo: 'Check the units, the number of GPUs (--gpus) and the batch size (--batch), or state the rated power (--rated).',
  };
}

function tooLittle(
  rail: Rail,
  power: number,
  { floor, most, of }: Bounds,
  queries: readonly Query[],
  readings: readonly Reading[],
): ImportFinding {
  const what = `The ${railNames([rail])} energy over the runtime is ${watts(power)}, less than ${of} ${of.startsWith('a ') ? 'draws' : 'draw'} idle`;
  const runtime = columnOf(readings, 'runtime');
  const energy = columnOf(readings, 'energy', rail);
  const far = power * SLIP < floor;
  const shorter = runtime && otherRuntime(runtime, power, floor, most, queries);
  if (far && runtime !== undefined && shorter !== undefined) {
    return slip(
      `${what}.`,
      runtime.name,
      runtime.unit,
      shorter,
      unitSize(runtime.unit ?? 's') / unitSize(shorter),
      'runtime',
    );
  }
  const unit = energy && otherUnit(energy, power, floor, most);
  if (far && energy !== undefined && unit !== undefined) {
    return slip(
      `${what}.`,
      energy.name,
      energy.unit,
      unit,
      unitSize(energy.unit ?? 'J') / unitSize(unit),
      `energy:${unit}:${rail}`,
    );
  }
  return {
    kind: 'below-idle',
    level: 'warning',
    message: `${what}.`,
    todo: 'Check the units, whether the energy is a share of a batch (--batch), and whether idle was taken away already.',
  };
}

interface UnitColumn {
  readonly name: string;
  readonly unit: ColumnUnit | null;
  readonly how: 'stated' | 'guessed' | 'told';
}

function columnOf(
  readings: readonly Reading[],
  role: 'energy' | 'runtime',
  rail?: Rail,
): UnitColumn | undefined {
  return readings
    .flatMap(({ columns }) => columns)
    .find((column) => column.role === role && (rail === undefined || column.rail === rail));
}

/** The unit nearest to the one read in which the power would be possible. */
function otherUnit(column: UnitColumn, power: number, floor: number, most: number): ColumnUnit | undefined {
  const now = unitSize(column.unit ?? 'J');
  const fits = ROLE_UNITS.energy!.filter((unit) => {
    const other = (power * unitSize(unit)) / now;
    return unit !== column.unit && other >= floor && other <= most * TOLERANCE;
  });
  const distance = (unit: ColumnUnit): number => Math.abs(Math.log(unitSize(unit) / now));
  return fits.sort((a, b) => distance(a) - distance(b))[0];
}

/** The unit of time in which both the power and the time for a token would be possible; only where the time is not. */
function otherRuntime(
  column: UnitColumn,
  power: number,
  floor: number,
  most: number,
  queries: readonly Query[],
): ColumnUnit | undefined {
  const perToken = median(queries.map(({ n, runtimeS }) => runtimeS / n)) ?? 0;
  const possible = (seconds: number): boolean => seconds >= LEAST_S_PER_TOKEN && seconds <= MOST_S_PER_TOKEN;
  if (possible(perToken)) return undefined;
  const now = unitSize(column.unit ?? 's');
  return ROLE_UNITS.runtime!.find((unit) => {
    const factor = unitSize(unit) / now;
    const other = power / factor;
    return unit !== column.unit && possible(perToken * factor) && other >= floor && other <= most * TOLERANCE;
  });
}

function slip(
  what: string,
  name: string,
  read: ColumnUnit | null,
  unit: ColumnUnit,
  factor: number,
  choice: string,
): ImportFinding {
  const times =
    factor >= 1
      ? `${formatNumber(factor, 2)} times too large`
      : `${formatNumber(1 / factor, 2)} times too small`;
  return {
    kind: 'unit-slip',
    level: 'error',
    message: `${what} "${name}" is read as ${read ?? 'its unit'} and is ${times}: the column is probably in ${unit}.`,
    todo: `Say the unit of the column (--column "${name}=${choice === 'runtime' ? `runtime:${unit}` : choice}").`,
  };
}

/** Times for a token that no engine needs, where energy and runtime slipped alike and the power looks right. */
export function timeFindings(queries: readonly Query[]): ImportFinding[] {
  const perToken = median(queries.map(({ n, runtimeS }) => runtimeS / n));
  if (perToken === undefined || (perToken <= MOST_S_PER_TOKEN && perToken >= LEAST_S_PER_TOKEN)) return [];
  const long = perToken > MOST_S_PER_TOKEN;
  return [
    {
      kind: 'time-per-token',
      level: 'warning',
      message: `A query takes ${formatNumber(perToken)} s for each output token, ${long ? 'longer' : 'shorter'} than any engine needs.`,
      todo: `Check the unit of the runtime${long ? ': it may be milliseconds' : ''}, and the token counts.`,
    },
  ];
}

const watts = (value: number): string => `${formatNumber(Number(value.toPrecision(3)), 3)} W`;
