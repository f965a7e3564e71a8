import { expect, test } from 'vitest';
import { bundledProfile, madeProfile } from '../test/bundled.ts';
import { mismatches } from './assumptions.ts';
import { likeForLike } from './likeForLike.ts';
import type { Profile } from './profile.ts';

const A100 = bundledProfile('swing-a100.llama-2-7b.sweeps');
const conditions = { engine: 'llama.cpp', precision: 'Q8_0', kvCache: true, batch: 1, gpus: 0 };
const tiny: Profile = madeProfile('mine', [[8, 1, 0.1]], [[16, 2, 0.2]], {
  model: { id: 'tiny', name: 'Tiny Q8_0 (made-up weights)' },
  conditions,
});

test("the paper's A100 is matched by Llama 2 7B in F16 without a KV cache, over both sweeps", () => {
  expect(likeForLike(tiny, A100)).toMatchObject({
    against: 'swing-a100.llama-2-7b.sweeps',
    differences: [
      { what: 'model', own: 'Tiny Q8_0 (made-up weights)', other: 'Llama-2 7B' },
      { what: 'precision', own: 'Q8_0', other: 'fp16' },
      { what: 'KV cache', own: 'on', other: 'off' },
    ],
    offer: {
      request: { engine: 'embedded', model: 'synthetic:llama-2-7b:F16', kvCache: false, sweep: 'paper' },
      command: 'crossover measure --model synthetic:llama-2-7b:F16 --no-kv-cache --sweep paper',
    },
  });
  const { weightBytes, estimate } = likeForLike(tiny, A100)!.offer!;
  // 6.74 billion weights of two bytes each; the norms have four.
  expect(weightBytes / 2 / 6_738_415_616).toBeCloseTo(1, 3);
  expect(estimate).toBeUndefined();
});

test('what was measured here says how long that takes, and another meter is named', () => {
  const { offer } = likeForLike(tiny, A100, { measured: [tiny], meter: 'replay:my log.plist' })!;
  expect(offer!.estimate!.scaledFrom).toBe(tiny.name);
  expect(offer!.estimate!.seconds).toBeGreaterThan(0);
  expect(offer!.command).toMatch(/ --sweep paper --meter 'replay:my log\.plist'$/);
});

test('made-up weights in the shape of a model are that model', () => {
  const matched: Profile = {
    ...tiny,
    model: { id: 'llama-2-7b', name: 'Llama 2 7B F16 (made-up weights)' },
    conditions: { ...conditions, precision: 'fp16', kvCache: false },
  };
  expect(likeForLike(matched, A100)).toBeUndefined();
  expect(mismatches(matched, A100)).toEqual([]);
});

test('free cells are named one by one, and the cache stays on where it was', () => {
  const other: Profile = {
    ...tiny,
    design: 'cells',
    model: { id: 'mistral-7b', name: 'Mistral' },
    cells: [
      { ...tiny.cells[0]!, m: 64, n: 32 },
      { ...tiny.cells[0]!, m: 8, n: 256 },
    ],
  };
  expect(likeForLike(tiny, other)!.offer!.command).toBe(
    "crossover measure --model synthetic:mistral-7b:Q8_0 --sweep '64,32 8,256'",
  );
});

test.each([
  [{ batch: 32 }, {}, /one query at a time, and Made-up mine ran 32 together/],
  [
    {},
    { id: 'falcon-7b', name: 'Falcon 7B' },
    /shape of Falcon 7B in Q8_0 cannot be made up here.*--model FILE/,
  ],
  [{ precision: 'int4', kvCache: false }, {}, /in int4 cannot be made up.*--no-kv-cache\.$/],
])('where nothing here can match, that is said: %j, %j', (changed, model, why) => {
  const other = {
    ...tiny,
    model: { ...tiny.model, ...model },
    conditions: { ...conditions, ...changed },
  };
  const found = likeForLike(tiny, other)!;
  expect(found.offer).toBeUndefined();
  expect(found.why).toMatch(why);
});
