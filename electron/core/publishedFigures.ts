/**
 * The paper's threshold curves as published: totals in kWh, read out of the vector figures of arXiv 2407.00010
 * ("total energy with a threshold on input tokens" and "… on output tokens").
 */
export const PUBLISHED_FIGURES = {
  input: {
    thresholds: [8, 16, 32, 64, 128, 256, 512, 1024, 2048],
    hybridKwh: [0.813473, 0.773089, 0.748025, 0.767211, 0.787981, 0.793257, 0.794515, 0.794752, 0.794752],
    smallKwh: 0.794752,
    largeKwh: 0.814836,
  },
  output: {
    thresholds: [8, 16, 32, 64, 128, 256, 512],
    hybridKwh: [0.697799, 0.673889, 0.644507, 0.649888, 0.670018, 0.67991, 0.684644],
    smallKwh: 0.68658,
    largeKwh: 0.698082,
  },
} as const;
