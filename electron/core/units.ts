/**
 * Physical quantities as branded numbers: free at run time, told apart by the compiler, and they survive JSON,
 * SQLite and messages between processes. Arithmetic yields a plain number, so a unit is always claimed by name.
 */
declare const unit: unique symbol;

/** A number with the unit `U`. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

export type Joules = Quantity<'J'>;
export type KilowattHours = Quantity<'kWh'>;
export type Watts = Quantity<'W'>;
export type Seconds = Quantity<'s'>;
export type JoulesPerToken = Quantity<'J/token'>;
/** A number of tokens; a mean number of tokens need not be whole. */
export type Tokens = Quantity<'token'>;

export const joules = (value: number): Joules => value as Joules;
export const watts = (value: number): Watts => value as Watts;
export const seconds = (value: number): Seconds => value as Seconds;
export const tokens = (value: number): Tokens => value as Tokens;
export const joulesPerToken = (value: number): JoulesPerToken => value as JoulesPerToken;

export const JOULES_PER_KILOWATT_HOUR = 3.6e6;

/** Joules as kilowatt-hours (1 kWh = 3.6 MJ). */
export function kilowattHours(energy: Joules): KilowattHours {
  return (energy / JOULES_PER_KILOWATT_HOUR) as KilowattHours;
}

/** Mean power over a time. */
export function meanPower(energy: Joules, time: Seconds): Watts {
  return watts(energy / time);
}
