import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type { Copyable } from '../copy/copyable.ts';

/** How long a confirmation stands, ms. */
const STANDS_MS = 2500;

/** Puts things on the clipboard, and says so for a while. */
export function useCopy(): {
  /** what was copied last, or that it could not be */
  readonly said: Readonly<ShallowRef<string | undefined>>;
  readonly copy: (what: Copyable) => Promise<void>;
} {
  const said = shallowRef<string>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(waiting));
  return {
    said: shallowReadonly(said),
    copy: async (what) => {
      const text = what.text();
      clearTimeout(waiting);
      try {
        await navigator.clipboard.writeText(text);
        const rows = text.split('\n').length - 1;
        said.value =
          what.kind === 'table'
            ? `Copied: ${what.name}, ${rows} ${rows === 1 ? 'row' : 'rows'}`
            : `Copied: ${text}`;
      } catch {
        said.value = '▲ Not copied: the system did not give the clipboard.';
      }
      waiting = setTimeout(() => (said.value = undefined), STANDS_MS);
    },
  };
}
