import { computed, type ComputedRef } from 'vue';
import { toUnit, unitAt, type EnergyUnit } from '#core/displayUnits';
import { joules } from '#core/units';
import { useLab } from './useLab.ts';

/** The unit of energies of cells, trials and samples: what was chosen, J by itself. */
export function useEnergyUnit(): {
  readonly unit: ComputedRef<EnergyUnit>;
  /** an energy, or one per token, from J */
  readonly of: (energyJ: number) => number;
} {
  const { units } = useLab();
  const unit = computed(() => unitAt(units.value, 'J'));
  return { unit, of: (energyJ) => toUnit(joules(energyJ), unit.value) };
}
