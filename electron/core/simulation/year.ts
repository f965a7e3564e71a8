import { JOULES_PER_KILOWATT_HOUR } from '../units.ts';
import type { Load } from './loads.ts';
import type { OperatedSystem, Operation } from './operation.ts';

/** A part of a year that is known, or null. */
type Known = number | null;

/** What a year under an operation takes. What was not stated is null, never 0, and no total has it. */
export interface SimulatedYear {
  readonly queries: number;
  /** kWh that the queries take */
  readonly activeKwh: number;
  /** kWh that devices draw without a query; null where an idle power is not known */
  readonly idleKwh: Known;
  /** J a query, idle devices and all; null where an idle power is not known */
  readonly perQueryJ: Known;
  /** kg of CO2 equivalent of the queries alone, and of idle devices */
  readonly activeCarbonKg: Known;
  readonly idleCarbonKg: Known;
  /** price of the electricity of the queries alone, and of idle devices */
  readonly activePrice: Known;
  readonly idlePrice: Known;
  /** what the devices cost beside their electricity */
  readonly devicesPrice: Known;
}

/** A mean year, s. */
export const YEAR_S = 365.25 * 86_400;

/**
 * A year of a steady operation. Gross energies hold what a busy device would draw anyway, so only its time without a
 * query is added; energies above idle do not, so all its time is.
 */
export function yearOf(
  operation: Operation,
  loads: { readonly small: Load; readonly large: Load },
  idle: 'gross' | 'above-idle',
): SimulatedYear {
  const sides = (['small', 'large'] as const)
    .map((name) => ({ load: loads[name], stated: operation[name] }))
    .filter(({ load }) => load.queries > 0);
  const kwh = (powerW: number): number => (powerW * YEAR_S) / JOULES_PER_KILOWATT_HOUR;
  const idleKwhOf = ({ load, stated }: (typeof sides)[number]): Known =>
    stated.idleW === undefined
      ? null
      : kwh(stated.idleW * (idle === 'gross' ? load.devices - load.busy : load.devices));
  const total = (part: (side: (typeof sides)[number]) => Known): Known => {
    const parts = sides.map(part);
    return parts.includes(null) ? null : parts.reduce<number>((a, b) => a + b!, 0);
  };
  const times = (energy: Known, rate: number | undefined): Known =>
    energy === null || rate === undefined ? null : energy * rate;
  const queries = operation.arrivalRate * YEAR_S;
  const activeKwh = total(({ load }) => kwh(load.activeW))!;
  const idleKwh = total(idleKwhOf);
  const priced = (
    energy: (side: (typeof sides)[number]) => Known,
    rate: (stated: OperatedSystem) => number | undefined,
  ): Known => total((side) => times(energy(side), rate(side.stated)));
  const active = ({ load }: (typeof sides)[number]): number => kwh(load.activeW);
  const kgPerKwh = ({ carbonGPerKwh }: OperatedSystem): number | undefined =>
    carbonGPerKwh === undefined ? undefined : carbonGPerKwh / 1000;
  return {
    queries,
    activeKwh,
    idleKwh,
    perQueryJ: idleKwh === null ? null : ((activeKwh + idleKwh) * JOULES_PER_KILOWATT_HOUR) / queries,
    activeCarbonKg: priced(active, kgPerKwh),
    idleCarbonKg: priced(idleKwhOf, kgPerKwh),
    activePrice: priced(active, ({ pricePerKwh }) => pricePerKwh),
    idlePrice: priced(idleKwhOf, ({ pricePerKwh }) => pricePerKwh),
    devicesPrice: total(({ load, stated }) =>
      times(load.devices * (YEAR_S / 3600), stated.pricePerDeviceHour),
    ),
  };
}
