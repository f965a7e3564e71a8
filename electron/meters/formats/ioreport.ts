import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';

/** A channel of IOReport's energy model, with its energy since the reading before. */
export interface EnergyChannel {
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** Micro is written in three ways: with a u, and with either of the two characters that look like µ. */
const JOULES: Readonly<Record<string, number>> = {
  mJ: 1e-3,
  uJ: 1e-6,
  '\u00b5J': 1e-6,
  '\u03bcJ': 1e-6,
  nJ: 1e-9,
};

/**
 * Energy by rail. Matching is strict, since parts of the CPU and GPU have channels too and would count twice: the
 * CPU ends with "CPU Energy" (one for each die of an Ultra; the whole alone where there is one), the GPU is exactly
 * "GPU Energy". A channel in an unknown unit is not measured.
 */
export function railsOfChannels(channels: readonly EnergyChannel[]): RailEnergy {
  const energyJ: RailEnergy = {};
  const whole = channels.some(({ name }) => name === 'CPU Energy');
  for (const { group, name, unit, value } of channels) {
    const factor = JOULES[unit.trim()];
    const rail = railOf(name, whole);
    if (group !== 'Energy Model' || rail === undefined || factor === undefined) continue;
    energyJ[rail] = (energyJ[rail] ?? 0) + value * factor;
  }
  return energyJ;
}

function railOf(name: string, whole: boolean): Rail | undefined {
  if (whole ? name === 'CPU Energy' : name.endsWith('CPU Energy')) return 'cpu';
  if (name === 'GPU Energy') return 'gpu';
  if (name.startsWith('ANE')) return 'ane';
  if (name.startsWith('DRAM')) return 'dram';
  return undefined;
}
