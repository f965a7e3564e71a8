import type { Reading, SourceFacts } from './observation.ts';

/** What the first of the readings that knows it says. */
export function fact<K extends keyof SourceFacts>(
  readings: readonly Reading[],
  key: K,
): SourceFacts[K] | undefined {
  return readings.find(({ facts }) => facts[key] !== undefined)?.facts[key];
}
