import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

/** Changes of the same kind within so long are one, as of a slider that is drawn, ms. */
const BURST_MS = 800;
/** So many changes can be taken back. */
const MOST = 200;

/** What was before, so that changes can be taken back and made again. */
export interface History<T> {
  /** @param kind changes of one kind that follow one another quickly are taken back together */
  readonly put: (next: T, kind?: string) => void;
  /** sets the value with nothing before it */
  readonly restart: (first: T) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: ComputedRef<boolean>;
  readonly canRedo: ComputedRef<boolean>;
}

/**
 * Keeps the history of a value.
 * @param now the clock, ms
 */
export function createHistory<T>(value: ShallowRef<T>, now = (): number => performance.now()): History<T> {
  const past = shallowRef<readonly T[]>([]);
  const future = shallowRef<readonly T[]>([]);
  let last: { kind: string; at: number } | undefined;

  function move(from: ShallowRef<readonly T[]>, to: ShallowRef<readonly T[]>): void {
    const next = from.value.at(-1);
    if (next === undefined) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, value.value];
    value.value = next;
    last = undefined;
  }

  return {
    put: (next, kind) => {
      if (JSON.stringify(next) === JSON.stringify(value.value)) return;
      const at = now();
      const goesOn = kind !== undefined && last?.kind === kind && at - last.at < BURST_MS;
      if (!goesOn) past.value = [...past.value, value.value].slice(-MOST);
      future.value = [];
      value.value = next;
      last = kind === undefined ? undefined : { kind, at };
    },
    restart: (first) => {
      [past.value, future.value, value.value, last] = [[], [], first, undefined];
    },
    undo: () => move(past, future),
    redo: () => move(future, past),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
  };
}
