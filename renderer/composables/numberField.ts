import { computed, shallowRef, type WritableComputedRef } from 'vue';
import { readField } from '#core/fieldNumber';
import { decimalSign } from '#core/format';

/** A number as it stands in a field: every digit, no groups, the decimal sign of the numbers that are shown. */
export function fieldText(value: number | undefined): string {
  return value === undefined ? '' : String(value).replace('.', decimalSign());
}

/**
 * The text of a field of a number. What was typed stays as it was typed for as long as it means the value; what is no
 * number changes nothing.
 * @param set gets undefined when the field is emptied
 */
export function numberField(
  get: () => number | undefined,
  set: (value: number | undefined) => void,
): WritableComputedRef<string> {
  const typed = shallowRef<string>();
  return computed({
    get: () => {
      const value = get();
      const own = typed.value;
      if (own === undefined) return fieldText(value);
      return readField(own, decimalSign()).value === value ? own : fieldText(value);
    },
    set: (text: string) => {
      typed.value = text;
      const { value } = readField(text, decimalSign());
      if (text.trim() === '') set(undefined);
      else if (value !== undefined) set(value);
    },
  });
}
