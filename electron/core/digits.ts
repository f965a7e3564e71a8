import { formatFixed, formatNumber } from './format.ts';

/**
 * Digits by uncertainty. An interval's half-width is given two significant digits where it begins with 1 or 2, and one
 * otherwise (rounding then moves it by 17% at the most, as is usual for uncertainties); the value ends at the same
 * place. "3.14159 ± 0.0123" is 3.142, "3.14159 ± 0.05" is 3.14, "12,345 ± 678" is 12,300; far below its own
 * uncertainty a value is 0.
 */

/** More than this nobody reads, however narrow the interval. */
const MOST_DIGITS = 6;

/**
 * The power of ten at which a value's last digit stands.
 * @param half of its interval, in the value's unit
 * @returns undefined where the interval says nothing: it is not known, or of no width
 */
export function lastPlace(value: number, half: number | undefined): number | undefined {
  if (half === undefined || !Number.isFinite(half) || half <= 0 || !Number.isFinite(value)) return undefined;
  const [lead, power] = half.toExponential(1).split('e');
  const place = Number(power) - (Number(lead) < 3 ? 1 : 0);
  return value === 0 ? place : Math.max(place, Math.floor(Math.log10(Math.abs(value))) - MOST_DIGITS + 1);
}

/**
 * A number with the digits that its interval supports.
 * @param half half the width of its interval; undefined where none is known
 * @param otherwise significant digits without one
 */
export function formatWithin(value: number, half: number | undefined, otherwise = 3): string {
  const place = lastPlace(value, half);
  if (place === undefined) return formatNumber(value, otherwise);
  // The point is moved in the digits as they are written, which rounds nothing.
  const [digits, power] = value.toExponential().split('e');
  const rounded = Number(`${Number(`${digits}e${Number(power) - place}`).toFixed(0)}e${place}`);
  return formatFixed(rounded === 0 ? 0 : rounded, Math.max(0, -place));
}

/** A fraction as a percentage, with the digits that its interval supports; as many decimals as told without one. */
export function formatPercentWithin(
  fraction: number,
  interval: readonly [low: number, high: number] | undefined,
  otherwise: number,
): string {
  const half = interval === undefined ? undefined : ((interval[1] - interval[0]) / 2) * 100;
  const place = lastPlace(fraction * 100, half);
  return place === undefined
    ? `${formatFixed(fraction * 100, otherwise)}%`
    : `${formatWithin(fraction * 100, half)}%`;
}
