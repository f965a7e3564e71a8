/** Every term the lab uses, explained in a sentence or two where it stands. */
export const GLOSSARY = {
  query: 'One request to a model: m input tokens in, n output tokens out.',
  system: 'A computer that answers queries: a Mac, or a cluster node with its GPUs.',
  rail: 'A supply line whose energy is counted apart: CPU, GPU, memory.',
  cell: 'One measured point: m input and n output tokens, with the means over its trials.',
  trial: 'One measured window: a query, repeated where a single one is too short for the meter.',
  run: 'A sweep carried out on this computer, with everything that was read on the way.',
  meter: 'What reads the power or the energy of this computer.',
  engine: 'The program that runs the model.',
  idle: 'What the computer draws when no query runs. It is measured before, between and after the trials.',
  synthetic:
    'Made-up weights in the exact shape of a model. Time and energy follow from the shape and the quantisation, not from what the weights say.',
  quantisation: 'How the weights are stored: F16 in 16 bits, Q8_0 in about 8, Q4_0 in about 4.',
  target:
    'A cell is done when the 95% interval of its mean energy and runtime is within this share of the mean.',
  flagged:
    'Kept, but left out of the means: too little coverage, other load, heat, a change of power. Warm-ups are left out too, by plan.',
  coverage: 'The share of a window’s time for which the meter gave a reading.',
  profile: 'What a query costs on one system with one model, cell by cell.',
  sweep: 'Cells with one length varied and the other held, here near 32 tokens.',
  grid: 'Cells with both lengths varied.',
  workload: 'How many queries have which lengths. Counts only; no text is kept.',
  policy: 'A rule that says which system answers a query.',
  threshold: 'The length up to which queries go to the small system; longer ones go to the large one.',
  lambda:
    'λ weighs energy against time in the cost U = λE + (1−λ)R. At 1 only energy counts, at 0 only runtime.',
  cost: 'Raw: joules and seconds are mixed as they are. Normalised: each is divided by its largest value of a query first.',
  boundary: 'Which energy is counted. Only the same boundary on both sides is like for like.',
  energyModel:
    'How the energy and the runtime of any (m, n) follow from the measured cells. Each model is judged by how well it foretells cells that it has not seen.',
  heldOut:
    'Each cell is left out in turn, the model is fitted to the others and asked for it: the mean distance from what was measured.',
  flip: 'A λ at which the best policy or threshold changes. Costs are lines over λ, so these points are exact.',
  breakEven:
    'Where a query costs the same on both systems, at this λ. On either side one of them is cheaper.',
  beyond:
    'One of the systems was not measured that far. The model is extended there, and may be wrong by more than its error says.',
  capacity:
    'What so many devices can carry when queries come at a steady rate, each keeping one device busy for its runtime. The optimum shares the queries out at the least cost.',
  front:
    'No other threshold or single system takes both less energy and less time than one of these: the energy–runtime Pareto front.',
  regret:
    'What a policy costs above the oracle, which sends each query where it costs less. No policy has less than 0. Its interval is against that optimum as the study found it, so it may reach below 0.',
  aboveIdle: 'All energy while a query runs, or only what it adds to the idle system.',
  stated:
    'A rail that was not measured can be filled by a power that you state. It counts over the runtime, and the result names it as an assumption.',
  probability:
    'The share of the resampled trials and workloads in which the policy costs less than the better single system.',
  measureNext:
    'The measured cells whose scatter moves the verdict most. More trials there narrow its interval fastest.',
  candidates:
    'The thresholds that are tried: every length that occurs, which is exact, or powers of two, as in the paper.',
  saving: 'What the policy saves of the cost against a single system doing everything.',
  minSaving: 'The least saving against the better single system that you would call useful.',
  interval:
    'The 95% confidence interval of a mean over trials (Student’s t). It is missing where fewer than two trials are known.',
  percentile: 'Half of the queries are no longer than the median, 95% no longer than p95.',
  modelled: 'Not counted query by query, but reweighted from a sample to fit a published distribution.',
  extrapolated:
    'Beyond the lengths that were measured: the paper’s model takes the nearest measured cell, the others are extended.',
  kvCache:
    'Keeps what was computed for earlier tokens. Without it, every new token re-reads the whole sequence.',
  verdict: 'The answer in a sentence: a threshold to use, or that none is useful.',
  study: 'An analysis with all its settings and the hashes of what it was computed from.',
  linearModel:
    'The thesis’s fit through the origin: E = a·m + b·n + c·m·n. It can be negative; then it is not to be used.',
} as const;

export type Term = keyof typeof GLOSSARY;
