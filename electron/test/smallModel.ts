/** The smallest model that llama.cpp runs, for tests: made in milliseconds. */
import { MODEL_SHAPES, type Quantisation, type SyntheticModel } from '#core/modelShapes';

export function smallModel(quantisation: Quantisation): SyntheticModel {
  return {
    shape: {
      ...MODEL_SHAPES.tiny,
      id: 'small',
      name: 'Small',
      layers: 1,
      embedding: 64,
      heads: 2,
      kvHeads: 2,
      feedForward: 96,
      vocabulary: 600,
    },
    quantisation,
  };
}
