import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import { errorData, type ErrorData } from '#core/errors';

/** A piece of work with its state; `error` holds the last failure. */
export interface Task<I extends unknown[], O> {
  readonly result: Readonly<ShallowRef<O | undefined>>;
  readonly error: Readonly<ShallowRef<ErrorData | undefined>>;
  readonly busy: Readonly<ShallowRef<boolean>>;
  /** @returns what the work gave, undefined when it failed */
  readonly run: (...input: I) => Promise<O | undefined>;
  /** forgets result and failure; work that is under way is no longer waited for */
  readonly clear: () => void;
}

/** Runs `work`; of calls that overlap, only the last one's outcome is kept. */
export function useTask<I extends unknown[], O>(work: (...input: I) => Promise<O>): Task<I, O> {
  const result = shallowRef<O>();
  const error = shallowRef<ErrorData>();
  const busy = shallowRef(false);
  let latest = 0;

  async function run(...input: I): Promise<O | undefined> {
    const call = ++latest;
    busy.value = true;
    error.value = undefined;
    try {
      const value = await work(...input);
      if (call === latest) result.value = value;
      return value;
    } catch (thrown) {
      if (call === latest) error.value = errorData(thrown);
      return undefined;
    } finally {
      if (call === latest) busy.value = false;
    }
  }
  return {
    result: shallowReadonly(result),
    error: shallowReadonly(error),
    busy: shallowReadonly(busy),
    run,
    clear: () => {
      latest += 1;
      result.value = undefined;
      error.value = undefined;
      busy.value = false;
    },
  };
}
