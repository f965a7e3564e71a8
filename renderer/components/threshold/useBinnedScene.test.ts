import { effectScope, shallowRef } from 'vue';
import { expect, test } from 'vitest';
import { binPairs } from '#core/analysis/binnedPairs';
import { LabError } from '#core/errors';
import { WHOLE_WORKLOAD } from '#core/displayUnits';
import { analyse, parseSettings, type StudyInputs, type StudySettings } from '#core/study';
import { bundledProfile, bundledWorkload } from '../../../electron/test/bundled.ts';
import type { LabState } from '../../composables/useLab.ts';
import type { Outcome } from '../../composables/useDraft.ts';
import { useBinnedScene } from './useBinnedScene.ts';

const workload = bundledWorkload('gsm8k');
const small = bundledProfile('m1-pro.llama-2-7b.sweeps');
const large = bundledProfile('swing-a100.llama-2-7b.sweeps');
const asked = (more: Partial<StudySettings> = {}): StudySettings =>
  parseSettings({ small: small.id, large: large.id, workload: workload.id, energyModel: 'grid', ...more });
const result = analyse(asked(), { small, large, workload });
const outline: StudyInputs = { small, large, workload: { ...workload, pairs: [] } };

/** As much of the lab as the scene looks at, with a study of a large workload that is done. */
function labWith(binWorkload: () => Promise<unknown>) {
  const settings = shallowRef(asked());
  const outcome = shallowRef<Outcome>({ state: 'done', inputs: outline, result, prepared: undefined });
  const lab = {
    draft: { settings, outcome },
    client: { binWorkload },
    catalogue: { revision: shallowRef(0) },
    studyUnits: shallowRef(WHOLE_WORKLOAD),
  } as unknown as LabState;
  return { ...effectScope().run(() => useBinnedScene(lab))!, settings, outcome };
}

test('a large study is drawn from bins, which say how far they are off, and its result stays exact', async () => {
  const { binned, settings, outcome } = labWith(() => Promise.resolve(binPairs(workload.pairs, 800)));
  expect(binned.value).toBeUndefined();
  while (binned.value === undefined) await Promise.resolve();
  const { scene, bins, pairs, off } = binned.value;
  expect(bins).toBeLessThanOrEqual(800);
  expect(pairs).toBe(workload.pairs.length);
  expect(scene.result).toBe(result);
  expect(scene.prepared.problem.table.pairs.queries).toBe(7473);
  expect(off).toBeGreaterThan(0);
  expect(off).toBeLessThan(0.01);
  // What the surface is set against is of the same bins.
  const single = result.policies.find(({ policy }) => policy === 'small')!;
  expect(scene.singles[0].energyJ / single.energyJ).toBeCloseTo(1, 2);
  expect(scene.singles[0].energyJ).not.toBe(single.energyJ);

  // λ changes nothing of what it is drawn from.
  settings.value = asked({ lambda: 0.5 });
  expect(binned.value.scene.prepared.problem).toBe(scene.prepared.problem);
  outcome.value = { state: 'asked', inputs: outline };
  expect(binned.value).toBeUndefined();
});

test('bins that cannot be had are told of', async () => {
  const { binned, error } = labWith(() =>
    Promise.reject(new LabError('unknown-workload', 'There is no such workload.', 'Choose another.')),
  );
  while (error.value === undefined) await Promise.resolve();
  expect(error.value.message).toBe('There is no such workload.');
  expect(binned.value).toBeUndefined();
});
