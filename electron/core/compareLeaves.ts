import type { Difference } from './studyBundle.ts';

/** What comparing two documents leaf by leaf found. */
export interface LeafComparison {
  /** numbers in either of them */
  readonly numbers: number;
  readonly differingNumbers: readonly Difference[];
  /** texts and everything else */
  readonly others: number;
  readonly differingOthers: readonly Difference[];
}

type Leaves = ReadonlyMap<string, unknown>;

/**
 * Compares two JSON documents leaf by leaf, numbers to the last digit. What only one of them has differs.
 * @param stated as it was read; `recomputed` goes through JSON first, so that both are written alike
 */
export function compareLeaves(stated: unknown, recomputed: unknown): LeafComparison {
  const a = leavesOf(stated);
  const b = leavesOf(JSON.parse(JSON.stringify(recomputed ?? null)) as unknown);
  let numbers = 0;
  let others = 0;
  const differingNumbers: Difference[] = [];
  const differingOthers: Difference[] = [];
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(path), b.get(path)];
    const isNumber = typeof one === 'number' || typeof other === 'number';
    if (isNumber) numbers += 1;
    else others += 1;
    if (Object.is(one, other)) continue;
    (isNumber ? differingNumbers : differingOthers).push({
      path,
      stated: shown(one),
      recomputed: shown(other),
    });
  }
  return { numbers, differingNumbers, others, differingOthers };
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function leavesOf(document: unknown): Leaves {
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      leaves.set(`${path}.length`, value.length);
      value.forEach((each, i) => walk(each, `${path}[${i}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) walk(each, path === '' ? key : `${path}.${key}`);
    } else {
      leaves.set(path, value);
    }
  };
  walk(document, '');
  return leaves;
}
