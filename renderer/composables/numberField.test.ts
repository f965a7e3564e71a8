import { afterEach, expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { PLAIN_LOCALE, writeNumbersAs } from '#core/format';
import { fieldText, numberField } from './numberField.ts';

afterEach(() => writeNumbersAs(PLAIN_LOCALE));

function field(first?: number) {
  const value = shallowRef<number | undefined>(first);
  return {
    value,
    text: numberField(
      () => value.value,
      (next) => (value.value = next),
    ),
  };
}

test('a comma that is being typed stays where it was typed', () => {
  const { value, text } = field();
  for (const typed of ['0', '0,', '0,5', '0,52']) {
    text.value = typed;
    expect(text.value).toBe(typed);
  }
  expect(value.value).toBe(0.52);
});

test('with a decimal comma, a fraction of three digits is typed through and is not taken for thousands', () => {
  writeNumbersAs('de-DE');
  const { value, text } = field();
  const seen: (number | undefined)[] = [];
  for (const typed of ['1', '1,', '1,2', '1,23', '1,234']) {
    text.value = typed;
    seen.push(value.value);
    expect(text.value).toBe(typed);
  }
  expect(seen).toEqual([1, 1, 1.2, 1.23, 1.234]);
});

test('a value from elsewhere takes the place of what was typed, with the decimal sign of the numbers shown', () => {
  const { value, text } = field(0.25);
  expect(text.value).toBe('0.25');
  text.value = '7';
  value.value = 1234.5;
  expect(text.value).toBe('1234.5');
  writeNumbersAs('de-DE');
  expect(fieldText(1234.5)).toBe('1234,5');
});

test('an emptied field has no value; what is no number changes nothing', () => {
  const { value, text } = field(3);
  text.value = 'three';
  expect(value.value).toBe(3);
  text.value = ' ';
  expect(value.value).toBeUndefined();
});
