import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labErrorOf } from '../test/thrown.ts';
import {
  MODEL_SHAPES,
  QUANTISATIONS,
  SHAPE_IDS,
  modelTensors,
  parameterCount,
  parseSynthetic,
  syntheticName,
  weightBytes,
} from './modelShapes.ts';

test.each([
  ['tinyllama-1.1b', 1_100_048_384],
  ['llama-2-7b', 6_738_415_616],
  ['mistral-7b', 7_241_732_096],
  ['llama-3.1-8b', 8_030_261_248],
] as const)('%s has the published number of parameters', (id, published) => {
  expect(parameterCount(MODEL_SHAPES[id])).toBe(published);
});

test('tiny is about 20 MB as it is usually stored', () => {
  const { usualQuantisation: quantisation } = MODEL_SHAPES.tiny;
  expect(weightBytes({ shape: MODEL_SHAPES.tiny, quantisation }) / 1e6).toBeCloseTo(20.9, 0);
});

test('Llama 2 7B in half precision takes two bytes a weight, and its norms four', () => {
  const shape = MODEL_SHAPES['llama-2-7b'];
  const norms = (2 * shape.layers + 1) * shape.embedding;
  expect(weightBytes({ shape, quantisation: 'F16' })).toBe(2 * parameterCount(shape) + 2 * norms);
});

test('grouped queries make keys and values narrower', () => {
  const tensors = modelTensors({ shape: MODEL_SHAPES['mistral-7b'], quantisation: 'Q4_0' });
  expect(tensors.find(({ name }) => name === 'blk.0.attn_k.weight')).toEqual({
    name: 'blk.0.attn_k.weight',
    type: 'Q4_0',
    dimensions: [4096, 1024],
  });
  expect(tensors.filter(({ type }) => type === 'F32')).toHaveLength(65);
});

test('every shape and quantisation is found by its name, in any case', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SHAPE_IDS), fc.constantFrom(...QUANTISATIONS), (id, quantisation) => {
      const model = { shape: MODEL_SHAPES[id], quantisation };
      expect(parseSynthetic(syntheticName(model))).toEqual(model);
      expect(parseSynthetic(`synthetic:${id.toUpperCase()}:${quantisation.toLowerCase()}`)).toEqual(model);
    }),
  );
});

test('without a quantisation the weights are as published, and those of tiny small', () => {
  expect(parseSynthetic('synthetic:llama-2-7b').quantisation).toBe('F16');
  expect(parseSynthetic('synthetic:tiny').quantisation).toBe('Q8_0');
});

test.each(['synthetic:huge', 'synthetic:', 'synthetic:tiny:Q8_0:again'])('%s is no model', (name) => {
  const error = labErrorOf(() => parseSynthetic(name));
  expect(error.kind).toBe('bad-model');
  expect(error.hint).toContain('tinyllama-1.1b, llama-2-7b, mistral-7b, llama-3.1-8b');
});

test('an unknown quantisation names the known ones', () => {
  const error = labErrorOf(() => parseSynthetic('synthetic:tiny:Q5_K_M'));
  expect(error.kind).toBe('bad-setting');
  expect(error.hint).toBe('Choose from F16, Q8_0, Q4_0.');
});
