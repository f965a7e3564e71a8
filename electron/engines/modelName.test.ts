import { expect, test } from 'vitest';
import { modelInfoSchema } from '#core/engine';
import { modelId, quantisationIn } from './modelName.ts';

test.each([
  ['Llama 2 7B', 'llama-2-7b'],
  ['meta-llama/Llama-3.1-8B', 'meta-llama-llama-3.1-8b'],
  ['llama2:latest', 'llama2-latest'],
  ['..--', 'model'],
  ['模型', 'model'],
])('%s becomes %s', (name, id) => {
  expect(modelId(name)).toBe(id);
  expect(modelInfoSchema.shape.id.safeParse(id).success).toBe(true);
});

test.each([
  ['llama-2-7b.Q4_K_M', 'Q4_K_M'],
  ['llama-2-7b-q8_0', 'Q8_0'],
  ['model-iq2_xxs.gguf', 'IQ2_XXS'],
  ['llama-bf16', 'BF16'],
  ['Llama-2-7B-fp16', 'F16'],
  ['Mistral-7B-AWQ', 'AWQ'],
  ['llama2:latest', 'unknown'],
])('the quantisation in %s is %s', (name, quantisation) => {
  expect(quantisationIn(name)).toBe(quantisation);
});
