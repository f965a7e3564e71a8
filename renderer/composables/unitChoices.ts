import type { DisplayUnits } from '#core/displayUnits';

/** What can be chosen of the units, in the words of the dialog and the palette. */

type Choices<K extends keyof DisplayUnits> = readonly {
  readonly value: DisplayUnits[K];
  readonly label: string;
}[];

export const ENERGY_CHOICES: Choices<'energy'> = [
  { value: 'automatic', label: 'By size' },
  { value: 'J', label: 'J' },
  { value: 'Wh', label: 'Wh' },
  { value: 'kWh', label: 'kWh' },
];

export const BASIS_CHOICES: Choices<'basis'> = [
  { value: 'workload', label: 'Whole workload' },
  { value: 'query', label: 'Per query' },
  { value: 'thousand-queries', label: 'Per 1,000 queries' },
  { value: 'token', label: 'Per token' },
];

export const NUMBER_CHOICES: Choices<'numbers'> = [
  { value: 'plain', label: 'Plain, 1,234.5' },
  { value: 'system', label: 'As the system writes them' },
];
