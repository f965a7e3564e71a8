import type { Explanation } from './glossary.ts';

/** The words of measuring: what is measured, how, and what is known of how well. */
export const MEASURING_TERMS = {
  token: { name: 'token', text: 'A piece of text as a model reads and writes it: a word, or a part of one.' },
  query: { name: 'query', text: 'One request to a model: m input tokens in, n output tokens out.' },
  system: {
    name: 'system',
    text: 'A computer that answers queries: a Mac, or a node of a cluster with its GPUs.',
  },
  rail: {
    name: 'rail',
    text: 'A supply line whose energy is counted apart: that of the CPU, the GPU or the memory.',
  },
  cell: {
    name: 'cell',
    text: 'One measured point: m input and n output tokens, with the means over its trials.',
  },
  trial: {
    name: 'trial',
    text: 'One measurement of a query, repeated back to back where a single one is too short for the meter.',
  },
  window: {
    name: 'window',
    text: 'The span of time whose energy a trial counts: from the start of its first query to the end of its last.',
  },
  sample: {
    name: 'raw sample',
    text: 'One reading of the meter: so much energy on each rail, from one moment to another.',
  },
  counts: {
    name: 'what counts of a sample',
    text: 'The part of a raw sample that lies inside the window. Only that part of its energy is added up.',
  },
  run: {
    name: 'run',
    text: 'A plan carried out on this computer, with everything that was read on the way.',
  },
  plan: {
    name: 'plan',
    text: 'Which cells are measured, in which order, and how well. Sweeps vary one length at a time, a grid varies both.',
  },
  sweep: { name: 'sweep', text: 'Cells with one length varied and the other held, here near 32 tokens.' },
  grid: { name: 'grid', text: 'Cells with both lengths varied.' },
  shard: {
    name: 'shard',
    text: 'A part of a plan that one of several computers measures. All shards together make one profile.',
  },
  meter: { name: 'meter', text: 'What reads the power or the energy of this computer.' },
  engine: { name: 'engine', text: 'The program that runs the model.' },
  estimate: {
    name: 'estimate',
    text: 'Computed from a power that somebody stated, times the time that passed. Nothing was read from a meter.',
  },
  cadence: {
    name: 'cadence of the meter',
    text: 'How often the meter gives a reading, how much of the time it covers, and by how much the energy of one window can be off because readings do not begin and end just where the window does.',
  },
  crossCheck: {
    name: 'cross-check',
    text: 'A second meter read the same time. The two should agree, or one of them is wrong.',
  },
  clock: {
    name: 'clock of the meter',
    text: 'The meter may date its readings earlier or later than the work that caused them. The readings are moved by that much.',
  },
  coverage: {
    name: 'coverage',
    text: 'The share of a window’s time for which the meter gave a reading.',
  },
  tokensProved: {
    name: 'tokens proved',
    text: 'A trial counts only when exactly m tokens went in, none of them kept from an earlier query, and exactly n came out.',
  },
  idle: {
    name: 'idle baseline',
    text: 'What the computer draws when no query runs. It is measured before, between and after the trials.',
  },
  aboveIdle: {
    name: 'gross and above idle',
    text: 'All energy while a query runs is the gross one. Above idle is only what the query adds to the idle computer.',
  },
  prefill: {
    name: 'prefill',
    text: 'The first part of a query: all input tokens are read, until the first output token is there.',
  },
  decode: {
    name: 'decode',
    text: 'The second part of a query: the output tokens are made, one after the other.',
  },
  firstToken: {
    name: 'first token',
    text: 'The time from the start of a query until its first output token is there.',
  },
  synthetic: {
    name: 'made-up weights',
    text: 'Random numbers in the exact shape of a model. Time and energy follow from the shape and from how the numbers are stored, not from what they say.',
  },
  gguf: { name: 'GGUF', text: 'The kind of file in which llama.cpp keeps a model.' },
  quantisation: {
    name: 'quantisation',
    text: 'How the weights are stored: F16 in 16 bits each, Q8_0 in about 8, Q4_0 in about 4.',
  },
  precision: {
    name: 'precision',
    text: 'In how many bits the model’s numbers are kept: fp16 in 16, int8 in 8.',
  },
  kvCache: {
    name: 'KV cache',
    text: 'Keeps what was computed for earlier tokens. Without it, every new token reads the whole text once more.',
  },
  batch: {
    name: 'batch',
    text: 'How many queries the system answers at once. In a larger batch each of them usually costs less.',
  },
  target: {
    name: 'target interval',
    text: 'A cell is done when its energy and its runtime are known this well: when the 95% interval of the mean lies within this share of it.',
  },
  maxTrials: {
    name: 'most trials of a cell',
    text: 'Where a cell stops although it is not yet known as well as asked for.',
  },
  warmUp: {
    name: 'warm-up',
    text: 'The first queries, while clocks and memory settle. They are left out of the means by plan.',
  },
  flagged: {
    name: 'flagged',
    text: 'Kept, but left out of the means: too little of it was measured, other programs were busy, heat, a change of power.',
  },
  dropped: {
    name: 'dropped',
    text: 'A trial that failed, or whose tokens were not exactly those asked for. It is listed with its reason and counts nowhere.',
  },
  seed: {
    name: 'seed',
    text: 'The number that every random choice follows from. The same seed gives the same order and the same prompts.',
  },
  interval: {
    name: '95% interval of a mean',
    text: 'Where the true mean lies, with 95% confidence, by the scatter of the trials (Student’s t). It is missing where fewer than two trials are known.',
  },
  difference: {
    name: '95% interval of a difference',
    text: 'Where the true difference of two means lies, with 95% confidence (Welch). If it holds zero, the two cannot be told apart.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
