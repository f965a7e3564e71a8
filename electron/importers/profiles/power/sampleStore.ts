import type { EnergySample, RailEnergy } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';

/** numbers that are held of a log, 8 bytes each */
const MOST_NUMBERS = 6_000_000;
const FIRST_CAPACITY = 1024;

/** The samples of a log in memory, as they are, or several as one where there are too many. */
export interface SampleStore {
  add: (sample: EnergySample) => void;
  /** true while every sample is held as it is */
  readonly exact: boolean;
  /** number of entries */
  readonly size: number;
  /**
   * The entries in time order. One that stands for several samples has their energy, and lasts as long as they did
   * together, without the gaps between them.
   */
  samples: () => Generator<EnergySample>;
}

/**
 * Holds a log's samples in memory that does not grow with its length: when it is full, two neighbours become one.
 * @param most numbers that may be held
 */
export function sampleStore(most = MOST_NUMBERS): SampleStore {
  let capacity = FIRST_CAPACITY;
  let starts = new Float64Array(capacity);
  let lengths = new Float64Array(capacity);
  /** NaN is "absent", and stays so when something is added to it */
  const energies = new Map<Rail, Float64Array>();
  let size = 0;
  /** samples that one entry stands for, and those of the last entry */
  let together = 1;
  let filled = 1;

  const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
    const grown = new Float64Array(capacity).fill(NaN);
    grown.set(column);
    return grown;
  };
  const halve = (column: Float64Array, into: (first: number, second: number) => number): void => {
    for (let entry = 0; entry < size / 2; entry++) {
      column[entry] = into(column[2 * entry]!, column[2 * entry + 1]!);
    }
    column.fill(NaN, size / 2);
  };
  const makeRoom = (): void => {
    if (capacity * 2 * (2 + energies.size) <= most) {
      capacity *= 2;
      starts = wider(starts);
      lengths = wider(lengths);
      for (const [rail, column] of energies) energies.set(rail, wider(column));
      return;
    }
    halve(starts, (first) => first);
    for (const column of [lengths, ...energies.values()]) halve(column, (first, second) => first + second);
    size /= 2;
    together *= 2;
  };

  return {
    add: ({ startS, endS, energyJ }) => {
      const fresh = size === 0 || filled === together;
      if (fresh && size === capacity) makeRoom();
      const entry = fresh ? size++ : size - 1;
      filled = fresh ? 1 : filled + 1;
      if (fresh) starts[entry] = startS;
      lengths[entry] = (fresh ? 0 : lengths[entry]!) + (endS - startS);
      for (const rail of RAILS) {
        if (energyJ[rail] !== undefined && !energies.has(rail)) {
          energies.set(rail, new Float64Array(capacity).fill(NaN));
        }
      }
      for (const [rail, column] of energies) {
        column[entry] = (fresh ? 0 : column[entry]!) + (energyJ[rail] ?? NaN);
      }
    },
    get exact() {
      return together === 1;
    },
    get size() {
      return size;
    },
    *samples() {
      for (let entry = 0; entry < size; entry++) {
        const energyJ: RailEnergy = {};
        for (const [rail, column] of energies) {
          if (!Number.isNaN(column[entry]!)) energyJ[rail] = column[entry]!;
        }
        yield { startS: starts[entry]!, endS: starts[entry]! + lengths[entry]!, energyJ };
      }
    },
  };
}
