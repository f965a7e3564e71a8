import { PER_SECOND } from './arrivals.ts';
import { readCount } from './counts.ts';
import type { TimeUnit } from './request.ts';

const DATE =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * A time in s: since 1970 for a date (in UTC where it has no zone), or since whatever the numbers count from.
 * @param unit of numbers; undefined for dates
 * @returns undefined where it is neither
 */
export function readTimeS(value: unknown, unit: TimeUnit | undefined): number | undefined {
  if (unit === undefined) return typeof value === 'string' ? dateS(value.trim()) : undefined;
  const number = readCount(value);
  return number !== undefined && Number.isFinite(number) ? number / PER_SECOND[unit] : undefined;
}

function dateS(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.UTC(+year, +month! - 1, +day!, +(hour ?? 0), +(minute ?? 0), +(second ?? 0));
  const real = new Date(ms);
  // Date.UTC takes the 31st of February for the 3rd of March.
  if (real.getUTCMonth() !== +month! - 1 || real.getUTCDate() !== +day!) return undefined;
  return ms / 1000 + (fraction === undefined ? 0 : Number(`0.${fraction}`)) - zoneS(zone);
}

function zoneS(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}
