/** Readings made of plain observations, for tests of the doctor. */
import type { Observation, Reading, SourceFacts, UnderstoodColumn } from '#core/import/observation';

const COLUMNS: readonly UnderstoodColumn[] = [
  { name: 'Energy', role: 'energy', unit: 'J', rail: 'gpu', how: 'stated', examples: [] },
  { name: 'Runtime', role: 'runtime', unit: 's', rail: null, how: 'stated', examples: [] },
];

/** A row that is a query on one A100: 8 in, 32 out, 200 J in 1 s. */
export function madeRow(changes: Partial<Observation> = {}, row = 1): Observation {
  return {
    row,
    m: 8,
    n: 32,
    energyJ: { gpu: 200 + row / 1000 },
    runtimeS: 1 + row / 10_000,
    trials: 1,
    system: 'A100 of mine',
    model: 'Falcon 7B',
    ...changes,
  };
}

export function madeReading(
  observations: readonly Observation[],
  facts: SourceFacts = { kvCache: true },
  changes: Partial<Reading> = {},
): Reading {
  return {
    file: { name: 'made.csv', bytes: 100, sha256: '0123456789abcdef'.repeat(4) },
    format: { id: 'table', name: 'table' },
    columns: COLUMNS,
    observations,
    dropped: [],
    findings: [],
    facts,
    ...changes,
  };
}

/** Rows that differ by their number alone, so that none is a copy of another. */
export function madeRows(count: number, changes: Partial<Observation> = {}, from = 1): Observation[] {
  return Array.from({ length: count }, (_, i) => {
    const row = from + i;
    const made = madeRow(changes, row);
    const energyJ = Object.fromEntries(
      Object.entries(changes.energyJ ?? made.energyJ).map(([rail, value]) => [rail, value + row / 1000]),
    );
    return { ...made, energyJ, runtimeS: (changes.runtimeS ?? 1) + row / 10_000 };
  });
}
