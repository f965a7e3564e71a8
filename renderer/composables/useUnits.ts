import { computed, shallowRef, type ComputedRef } from 'vue';
import { DEFAULT_UNITS, type DisplayUnits } from '#core/displayUnits';
import { knownLocale, numberLocale, PLAIN_LOCALE, writeNumbersAs } from '#core/format';

/** How the window shows energies, totals and numbers. */
export interface Units {
  readonly chosen: ComputedRef<DisplayUnits>;
  readonly change: (changes: Partial<DisplayUnits>) => void;
  /**
   * takes up what was chosen before
   * @param locale of the system's numbers, BCP 47
   */
  readonly begin: (before: DisplayUnits | undefined, locale: string) => void;
}

/**
 * The units that were chosen, the default ones at first. Numbers are written anew with all that depends on them.
 * @param showNumbersAs tells those who make sentences for the window, BCP 47
 */
export function createUnits(showNumbersAs: (tag: string) => void): Units {
  const chosen = shallowRef<DisplayUnits>(DEFAULT_UNITS);
  let system = PLAIN_LOCALE;
  function take(next: DisplayUnits): void {
    const tag = next.numbers === 'system' ? system : PLAIN_LOCALE;
    // Before anything is asked for anew: what is told from beside the window has the same signs.
    if (numberLocale() !== knownLocale(tag)) showNumbersAs(tag);
    writeNumbersAs(tag);
    chosen.value = next;
  }
  return {
    chosen: computed(() => chosen.value),
    change: (changes) => take({ ...chosen.value, ...changes }),
    begin: (before, locale) => {
      system = locale;
      take(before ?? DEFAULT_UNITS);
    },
  };
}
