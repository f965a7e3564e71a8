import { shallowRef } from 'vue';
import { expect, test } from 'vitest';
import type { WorkloadSummary } from '#core/catalogue';
import { analyse, START_SETTINGS, type StudyResult } from '#core/study';
import { bundledProfile, bundledWorkload } from '../../electron/test/bundled.ts';
import { isLive, MOST_LIVE_PAIRS, withApart } from './liveStudies.ts';
import type { Catalogue } from './useCatalogue.ts';
import { createDraft } from './useDraft.ts';

const inputs = {
  small: bundledProfile(START_SETTINGS.small),
  large: bundledProfile(START_SETTINGS.large),
  workload: bundledWorkload(START_SETTINGS.workload),
};
const result = analyse(START_SETTINGS, inputs);

/** A catalogue of the start's items, whose workload is told to have so many pairs. */
function catalogueOf(pairs: number): { catalogue: Catalogue; read: string[] } {
  const read: string[] = [];
  const summary: WorkloadSummary = {
    id: inputs.workload.id,
    name: 'Told to be large',
    kind: 'imported',
    queries: 5e6,
    pairs,
    modelled: false,
    licence: 'CC0',
    source: 'made up',
  };
  const catalogue = {
    workloads: shallowRef([summary]),
    revision: shallowRef(0),
    profile: (id: string) =>
      Promise.resolve({ profile: id === inputs.small.id ? inputs.small : inputs.large }),
    workload: (id: string) => {
      read.push(id);
      return Promise.resolve({ workload: inputs.workload });
    },
  } as unknown as Catalogue;
  return { catalogue, read };
}

/** The draft once it has read its inputs. */
async function begun(pairs: number) {
  const { catalogue, read } = catalogueOf(pairs);
  const draft = createDraft(catalogue, shallowRef(0));
  draft.begin();
  while (draft.outcome.value.state === 'loading') await Promise.resolve();
  return { draft, read };
}

test('the window analyses a workload by itself up to a stated size', () => {
  expect(isLive({ pairs: MOST_LIVE_PAIRS })).toBe(true);
  expect(isLive({ pairs: MOST_LIVE_PAIRS + 1 })).toBe(false);
  expect(inputs.workload.pairs.length).toBeLessThan(MOST_LIVE_PAIRS);
});

test('a small workload is read and analysed at once', async () => {
  const { draft, read } = await begun(MOST_LIVE_PAIRS);
  expect(read).toEqual([inputs.workload.id]);
  const { value } = draft.outcome;
  expect(value).toMatchObject({ state: 'done', result: { verdict: result.verdict } });
  expect(value.state === 'done' && value.prepared).toBeDefined();
});

test('a large one is neither read nor analysed: its result comes from elsewhere, for these settings alone', async () => {
  const { draft, read } = await begun(MOST_LIVE_PAIRS + 1);
  expect(read).toEqual([]);
  const asked = draft.outcome.value;
  if (asked.state !== 'asked') throw new Error(`not asked for but ${asked.state}`);
  expect(asked.inputs.workload).toMatchObject({ name: 'Told to be large', pairs: [] });

  const settings = draft.settings.value;
  draft.learn({ settings, inputs: asked.inputs, result });
  expect(draft.outcome.value).toMatchObject({ state: 'done', result, prepared: undefined });

  draft.change({ lambda: 0.5 });
  expect(draft.outcome.value.state).toBe('asked');
  const error = { kind: 'bad-setting' as const, message: 'It cannot be.', hint: 'Choose another.' };
  draft.learn({ settings: draft.settings.value, inputs: asked.inputs, result: { error } });
  expect(draft.outcome.value).toEqual({ state: 'failed', error });
  draft.undo();
  expect(draft.outcome.value.state).toBe('asked');
});

test('of a live study only the optimum under capacity is taken from elsewhere', () => {
  const policy = { ...result.policies[0]!, policy: 'capacity' as const };
  const capacity = { text: 'carried' } as unknown as NonNullable<StudyResult['capacity']>;
  const note = { kind: 'capacity', level: 'note', short: 'one query a device', message: '' } as const;
  const apart = {
    ...result,
    verdict: { ...result.verdict, text: 'in other words' },
    policies: [...result.policies, policy],
    assumptions: [...result.assumptions, note],
    capacity,
  };
  const merged = withApart(result, apart);
  expect(merged.verdict).toBe(result.verdict);
  expect(merged.policies).toEqual([...result.policies, policy]);
  expect(merged.capacity).toBe(capacity);
  expect(merged.assumptions).toContainEqual(note);
  expect(merged.assumptions).toHaveLength(result.assumptions.length + 1);
  expect(withApart(result, { ...result })).toBe(result);
});
