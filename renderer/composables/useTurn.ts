import { onScopeDispose, shallowReadonly, shallowRef, type Ref } from 'vue';

const waiting = new Set<() => void>();
let scheduled = false;

/** So long a frame is waited for, ms: a window that is not seen draws none. */
const MOST_WAIT_MS = 200;

/** Ends once what stands is painted. */
function afterPaint(then: () => void): void {
  let done = false;
  const go = (): void => {
    if (done) return;
    done = true;
    clearTimeout(late);
    then();
  };
  const late = setTimeout(go, MOST_WAIT_MS);
  requestAnimationFrame(() => setTimeout(go, 0));
}

function next(): void {
  if (scheduled || waiting.size === 0) return;
  scheduled = true;
  afterPaint(() => {
    scheduled = false;
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    first();
    next();
  });
}

/**
 * Whether it is the turn of a part of a page that takes long to build: one after the other, each in a frame of its own, in
 * the order in which they ask. A page then stands at once, and no part of it holds the window up for all of them together.
 */
export function useTurn(): Readonly<Ref<boolean>> {
  const isOn = shallowRef(false);
  const begin = (): void => void (isOn.value = true);
  waiting.add(begin);
  next();
  onScopeDispose(() => waiting.delete(begin));
  return shallowReadonly(isOn);
}
