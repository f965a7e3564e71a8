import type { Chosen } from '../analysis/chosenPolicy.ts';

/** A query by its tokens. */
export interface QueryLength {
  readonly m: number;
  readonly n: number;
}

/** Where a policy sends a query of m input and n (predicted) output tokens. */
export function systemFor(policy: Chosen, m: number, n: number): 'small' | 'large' {
  switch (policy.policy) {
    case 'small':
    case 'large':
      return policy.policy;
    case 'threshold-in':
      return m <= policy.threshold ? 'small' : 'large';
    case 'threshold-out':
      return n <= policy.threshold ? 'small' : 'large';
    case 'threshold-both':
      return m <= policy.threshold && n <= policy.outputThreshold ? 'small' : 'large';
    case 'threshold-product':
      return m * n <= policy.product ? 'small' : 'large';
  }
}

/** The longest query in the vectors: longer than what any model takes, and its square is still exact. */
const LONGEST = 2 ** 26;

/** Queries on either side of every boundary of a policy, and far from it: what carries it out must agree on all. */
export function testVectors(policy: Chosen): QueryLength[] {
  switch (policy.policy) {
    case 'small':
    case 'large':
      return crossed([0, 1, 32, LONGEST], [0, 1, 32, LONGEST]);
    case 'threshold-in':
      return crossed(around(policy.threshold), [32]);
    case 'threshold-out':
      return crossed([32], around(policy.threshold));
    case 'threshold-both':
      return crossed(around(policy.threshold), around(policy.outputThreshold));
    case 'threshold-product':
      return aroundProduct(policy.product);
  }
}

/** Lengths at, beside and far from a threshold, ascending; none below 0. */
function around(threshold: number): number[] {
  const asked = [0, 1, threshold - 1, threshold, threshold + 1, 2 * threshold, LONGEST];
  return [...new Set(asked.filter((length) => length >= 0 && length <= LONGEST))].sort((a, b) => a - b);
}

function crossed(inputs: readonly number[], outputs: readonly number[]): QueryLength[] {
  return inputs.flatMap((m) => outputs.map((n) => ({ m, n })));
}

/** For a few input lengths, the longest output that still goes to the small system, and the next one. */
function aroundProduct(product: number): QueryLength[] {
  const root = Math.floor(Math.sqrt(Math.max(0, product)));
  const found = new Map<string, QueryLength>();
  const add = (m: number, n: number): void => {
    if (m >= 0 && n >= 0 && m <= LONGEST && n <= LONGEST) found.set(`${m} ${n}`, { m, n });
  };
  for (const m of [...new Set([1, 2, 3, 8, 32, root, root + 1, product, LONGEST])]) {
    if (m < 1) continue;
    const longest = Math.floor(product / m);
    for (const n of [longest - 1, longest, longest + 1]) add(m, n);
  }
  for (const [m, n] of [
    [0, 0],
    [0, LONGEST],
    [LONGEST, 0],
    [LONGEST, LONGEST],
  ] as const) {
    add(m, n);
  }
  return [...found.values()];
}
