import type { Explanation } from './glossary.ts';

/** The words of profiles, workloads and studies: what is compared, by what rule, and how sure the answer is. */
export const STUDY_TERMS = {
  profile: { name: 'profile', text: 'What a query costs on one system with one model, cell by cell.' },
  doctor: {
    name: 'import doctor',
    text: 'Reads a file of yours, says how it understood every column and what looks wrong, and stores nothing before you accept.',
  },
  doubt: {
    name: 'in doubt',
    text: 'Something speaks against this cell, such as trials that differ far too much. It is shown, and named wherever it counts.',
  },
  rSquared: {
    name: 'R²',
    text: 'How much of what was measured a fit explains: 1 is all of it, 0 is no more than the mean would.',
  },
  boundary: {
    name: 'boundary',
    text: 'Which energy is counted. Only the same boundary on both sides makes a fair comparison.',
  },
  likeForLike: {
    name: 'like for like',
    text: 'Both sides count the same parts, with the same model in the same precision and the same way of running it. Otherwise a difference says little about the systems.',
  },
  pue: {
    name: 'PUE',
    text: 'How much a data centre draws in all for each joule that its computers draw: cooling and losses come on top. 1 is none, usual are 1.1 to 1.6.',
  },
  stated: {
    name: 'stated',
    text: 'A rail that was not measured can be filled by a power that you state. It counts over the runtime, and the result names it as an assumption.',
  },
  workload: {
    name: 'workload',
    text: 'How many queries have which lengths. It is counts only; no text is kept.',
  },
  pairs: {
    name: 'pairs',
    text: 'How many different combinations of input and output tokens the queries have.',
  },
  percentile: {
    name: 'percentiles',
    text: 'Half of the queries are no longer than the median, 95% no longer than p95. The sd says how far they lie from their mean.',
  },
  correlation: {
    name: 'correlation',
    text: 'Whether long inputs go with long outputs: 1 always, 0 not at all, below 0 they go with short ones.',
  },
  modelled: {
    name: 'modelled',
    text: 'Not counted query by query, but reweighted from a sample to fit a published distribution.',
  },
  tokenizer: {
    name: 'tokenizer',
    text: 'Cuts text into tokens. Each model has its own, so the same text can count as more tokens or fewer.',
  },
  arrivals: {
    name: 'arrivals',
    text: 'When the queries came in: how many a second in the mean, how many in the busiest minute, and how evenly.',
  },
  arrivalRate: { name: 'arrival rate', text: 'How many queries come in a second, in the mean.' },
  policy: { name: 'policy', text: 'A rule that says which system answers a query.' },
  hybrid: {
    name: 'hybrid',
    text: 'Both systems together: the short queries on the small one, the others on the large one.',
  },
  threshold: {
    name: 'threshold',
    text: 'The length up to which queries go to the small system; longer ones go to the large one.',
  },
  thresholdIn: {
    name: 'T_in',
    text: 'Queries with few input tokens go to the small system. Their number is known before the query runs.',
  },
  thresholdOut: {
    name: 'T_out',
    text: 'Queries with few output tokens go to the small system. Their number must be known or predicted before the query runs.',
  },
  thresholdBoth: {
    name: 'T_in & T_out',
    text: 'Queries with few input and few output tokens go to the small system; both must hold.',
  },
  thresholdProduct: {
    name: '√(m·n)',
    text: 'Queries whose product of input and output tokens is small go to the small system. The threshold is the root of the largest such product.',
  },
  single: {
    name: 'single system',
    text: 'One of the systems answers every query. The better of the two is what a policy has to beat.',
  },
  oracle: {
    name: 'oracle',
    text: 'Each query on the system where it costs less: what no policy can beat. A bound, not a rule to carry out.',
  },
  capacityOptimum: {
    name: 'capacity optimum',
    text: 'What so many devices can carry at the arrival rate, as well as can be. An optimum, not a rule.',
  },
  roundRobin: {
    name: 'round robin',
    text: 'Query after query in turn to one system and the other. Something to compare with, not a rule to carry out.',
  },
  random: {
    name: 'random',
    text: 'Each query to either system by the toss of a coin, in expectation. Something to compare with, not a rule to carry out.',
  },
  order: {
    name: 'order of the systems',
    text: 'From the one for the shortest queries to the one for the longest. Each takes the queries up to its threshold, the last takes the rest.',
  },
  lambda: {
    name: 'λ (lambda)',
    text: 'Weighs energy E against runtime R in the cost U = λE + (1−λ)R. At 1 only energy counts, at 0 only time.',
  },
  cost: {
    name: 'cost U',
    text: 'What a policy tries to make small: U = λE + (1−λ)R. Raw takes joules and seconds as they are; normalised first divides each by its largest value of a query.',
  },
  energyModel: {
    name: 'energy model',
    text: 'How the energy and the runtime of any query follow from the measured cells. Each is judged by how well it foretells cells that it has not seen.',
  },
  gridModel: {
    name: 'grid model',
    text: 'Interpolates between the measured cells on logarithmic axes. Follows every bend; needs sweeps or a grid.',
  },
  physicalModel: {
    name: 'physical model',
    text: 'A fit on 1, m, n, m·n and m² with no negative coefficient. Smooth; never negative.',
  },
  linearModel: {
    name: 'linear model',
    text: 'The thesis’s fit through the origin: a·m + b·n + c·m·n. It can go negative for long inputs with short outputs; then it is not to be used.',
  },
  paperModel: {
    name: 'paper’s model',
    text: 'Looks along one axis at a time, as published. It is there to reproduce the paper.',
  },
  heldOut: {
    name: 'error on unseen cells',
    text: 'Each cell is left out in turn, the model is fitted to the others and asked for it: the mean distance from what was measured.',
  },
  extrapolated: {
    name: 'extrapolated',
    text: 'Longer or shorter than anything that was measured on one of the systems. The model is extended there, and may be wrong by more than its error says.',
  },
  flip: {
    name: 'flip',
    text: 'A λ at which the best policy or threshold changes. Costs are straight lines over λ, so these points are exact.',
  },
  breakEven: {
    name: 'break-even',
    text: 'Where a query costs the same on both systems, at this λ. On either side of it one of them is cheaper.',
  },
  front: {
    name: 'Pareto front',
    text: 'The policies that cannot be bettered in both: whatever else takes less energy takes more time.',
  },
  candidates: {
    name: 'thresholds tried',
    text: 'Every length that occurs, which is exact, or powers of two alone, as in the paper.',
  },
  saving: {
    name: 'saving',
    text: 'How much less a policy costs than one system doing everything, as a share of it. Where no system is named, it is the better one.',
  },
  minSaving: {
    name: 'least saving',
    text: 'The least saving against the better single system that you would call useful.',
  },
  noThreshold: {
    name: 'no useful threshold',
    text: 'No policy saves for sure as much as you call useful, so one system may as well do everything. Sure means the lower end of the interval, where there is one.',
  },
  regret: {
    name: 'regret',
    text: 'What a policy costs above the oracle, which sends each query where it costs less. No policy has less than 0. Its interval is against that optimum as the study found it, so it may reach below 0.',
  },
  points: {
    name: 'points',
    text: 'The difference of two percentages: from 7% to 4% is 3 points.',
  },
  unknownOutput: {
    name: 'unknown n',
    text: 'Nobody knows the number of output tokens before a query has run. So a threshold on it works with a prediction, or with the input tokens alone.',
  },
  adapted: {
    name: 'adapted threshold',
    text: 'The threshold is searched anew for a prediction that is so far off. Kept means the one that would be best if the number were known.',
  },
  capacity: {
    name: 'capacity',
    text: 'What so many devices can carry when queries come at a steady rate, each keeping one device busy for its runtime.',
  },
  busy: { name: 'busy', text: 'The share of their time in which the devices of a system work.' },
  neededAlone: {
    name: 'needed alone',
    text: 'How many devices would be busy all the time if every query came to this system.',
  },
  oneMoreSaves: {
    name: 'one more saves',
    text: 'How much less the whole workload costs with one more device of this system. At the margin economists call it the shadow price.',
  },
  studyInterval: {
    name: '95% interval of a study',
    text: 'The study is computed again and again with its trials and its queries drawn anew at random. In 95% of those the number lies in here.',
  },
  pointEstimate: {
    name: 'point estimate',
    text: 'A number as it follows from the means, without saying how sure it is.',
  },
  resample: {
    name: 'resample',
    text: 'The study computed once more, with its trials and its queries drawn anew at random from those that there are.',
  },
  probability: {
    name: 'wins',
    text: 'The share of the resamples in which the policy costs less than the better single system.',
  },
  measureNext: {
    name: 'measure this next',
    text: 'The measured cells whose scatter moves the answer most. More trials there narrow its interval fastest.',
  },
  doubtShare: {
    name: 'of the doubt',
    text: 'How much of the uncertainty of the saving comes from this cell alone.',
  },
  verdict: { name: 'verdict', text: 'The answer in a sentence: a threshold to use, or that none is useful.' },
  study: {
    name: 'study',
    text: 'A question with its answer: two systems, a workload and all settings, with the exact inputs that it was computed from.',
  },
  hash: {
    name: 'fingerprint',
    text: 'A short number made from every byte of a file or an input. If a single byte changes, it is another one.',
  },
  bundle: {
    name: 'bundle',
    text: 'One file with a study or a run and all that its numbers come from, so that others can compute them again.',
  },
  verification: {
    name: 'recomputed',
    text: 'Every number is computed again from the bundle alone and set beside the one that it states. All must agree to the last digit.',
  },
  deploy: {
    name: 'policy to deploy',
    text: 'The rule as a file that a program can follow, with examples to check it by.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;
