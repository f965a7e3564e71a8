import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

/** Changes of the same kind within so long are one, as of a slider that is drawn, ms. */
const BURST_MS = 800;
/** So many changes can be taken back. */
const MOST = 200;

/** Something that was done beside the value, and can be taken back: a removal. */
export interface Deed {
  readonly undo: () => void;
  readonly redo: () => void;
}

/** What was before, so that changes can be taken back and made again. */
export interface History<T> {
  /** @param kind changes of one kind that follow one another quickly are taken back together */
  readonly put: (next: T, kind?: string) => void;
  /** remembers something that was done, to be taken back in its turn */
  readonly record: (deed: Deed) => void;
  /** takes a deed back out of its turn; nothing where it was taken back already */
  readonly takeBack: (deed: Deed) => void;
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
  type Step = { readonly value: T } | { readonly deed: Deed };
  const past = shallowRef<readonly Step[]>([]);
  const future = shallowRef<readonly Step[]>([]);
  let last: { kind: string; at: number } | undefined;

  function move(way: 'undo' | 'redo'): void {
    const [from, to] = way === 'undo' ? [past, future] : [future, past];
    const next = from.value.at(-1);
    if (next === undefined) return;
    last = undefined;
    from.value = from.value.slice(0, -1);
    if ('deed' in next) {
      to.value = [...to.value, next];
      next.deed[way]();
      return;
    }
    to.value = [...to.value, { value: value.value }];
    value.value = next.value;
  }

  function add(step: Step): void {
    past.value = [...past.value, step].slice(-MOST);
    future.value = [];
  }

  return {
    put: (next, kind) => {
      if (JSON.stringify(next) === JSON.stringify(value.value)) return;
      const at = now();
      const goesOn = kind !== undefined && last?.kind === kind && at - last.at < BURST_MS;
      if (!goesOn) add({ value: value.value });
      future.value = [];
      value.value = next;
      last = kind === undefined ? undefined : { kind, at };
    },
    record: (deed) => {
      add({ deed });
      last = undefined;
    },
    takeBack: (deed) => {
      const others = past.value.filter((step) => !('deed' in step) || step.deed !== deed);
      if (others.length === past.value.length) return;
      past.value = others;
      last = undefined;
      deed.undo();
    },
    restart: (first) => {
      [past.value, future.value, value.value, last] = [[], [], first, undefined];
    },
    undo: () => move('undo'),
    redo: () => move('redo'),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
  };
}
