/** What was left out, and what to know. */

/** Rows that were left out, with the reason as the end of a sentence: "42 rows: no output tokens". */
export interface Dropped {
  readonly count: number;
  readonly reason: string;
}

/** Something to know about what was read. */
export interface ImportWarning {
  /** a stable name for programs */
  readonly kind:
    | 'time-unit'
    | 'no-arrival-times'
    | 'zero-tokens'
    | 'empty-texts'
    | 'fractional-counts'
    | 'coarsened'
    | 'encoding'
    | 'not-only-text'
    | 'few-queries';
  readonly message: string;
}

/** Adds up what was left out, reason by reason. */
export class DropCounter {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  /** the most frequent first */
  list(): Dropped[] {
    return [...this.#counts]
      .map(([reason, count]) => ({ count, reason }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  }
}
