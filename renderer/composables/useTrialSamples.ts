import { onScopeDispose, shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue';
import { errorData, type ErrorData } from '#core/errors';
import type { EnergySample, Span } from '#core/meter';
import type { LabClient } from '../lab.ts';

/** Samples that are asked for at once. */
const PAGE = 5000;
/** So many are read at the most: a window of an hour at 1 kHz would fill the memory of the page. */
export const MOST_SAMPLES = 200_000;

/** The raw samples of a span of a run, as they come in. */
export interface SpanSamples {
  readonly samples: Readonly<ShallowRef<readonly EnergySample[]>>;
  /** "reading" until all are there; "cut" where there were too many */
  readonly state: Readonly<ShallowRef<'reading' | 'whole' | 'cut' | 'failed'>>;
  readonly error: Readonly<ShallowRef<ErrorData | undefined>>;
}

/** Reads the raw samples of a span, page by page, anew whenever it changes. */
export function useTrialSamples(
  client: Pick<LabClient, 'readSamples'>,
  asked: () => Span & { readonly run: string },
): SpanSamples {
  const samples = shallowRef<readonly EnergySample[]>([]);
  const state = shallowRef<'reading' | 'whole' | 'cut' | 'failed'>('reading');
  const error = shallowRef<ErrorData>();
  let latest = 0;

  async function read({ run, startS, endS }: Span & { readonly run: string }): Promise<void> {
    const call = ++latest;
    samples.value = [];
    state.value = 'reading';
    error.value = undefined;
    try {
      let fromS = startS;
      for (;;) {
        const page = await client.readSamples({ run, fromS, toS: endS, limit: PAGE });
        if (call !== latest) return;
        samples.value = samples.value.concat(page.samples as EnergySample[]);
        const last = page.samples.at(-1);
        if (!page.more || last === undefined) return void (state.value = 'whole');
        if (samples.value.length >= MOST_SAMPLES) return void (state.value = 'cut');
        fromS = last.endS;
      }
    } catch (thrown) {
      if (call !== latest) return;
      state.value = 'failed';
      error.value = errorData(thrown);
    }
  }

  watch(
    () => JSON.stringify(asked()),
    () => void read(asked()),
    { immediate: true },
  );
  onScopeDispose(() => (latest += 1));
  return {
    samples: shallowReadonly(samples),
    state: shallowReadonly(state),
    error: shallowReadonly(error),
  };
}
