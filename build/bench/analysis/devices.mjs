// One part of the bench of analyses: the optimum under capacity, as a linear program on pairs and as a binary program
// with a variable for each query and system. node devices.mjs BUNDLE [SECONDS that the binary program may take]

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import loadHighs from 'highs';

const [folder = '', limit = '60'] = process.argv.slice(2);
const from = (/** @type {string} */ name) => import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);

const { bundledProfile, bundledWorkload } = await from('bundled');
const { modelSystem, costTableOf } = await from('costTable');
const { pairTable, pairTableOf } = await from('pairs');
const { tableCostForm } = await from('rules');
const { capacityPlan, capacityProgram } = await from('capacity');
const { loadSolver } = await from('highs');

const highs = await loadHighs();
const solve = await loadSolver();
/** @param {() => unknown} work */
const secondsOf = (work) => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

/** Buckets with costs that follow their tokens, and by chance, on three systems. */
function madeUp() {
  let state = 7;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const size = 5000;
  const tokens = () => Math.ceil(2 ** (11 * random()));
  const pairs = pairTableOf(
    {
      m: Array.from({ length: size }, (_, i) => i + 1),
      n: Array.from({ length: size }, tokens),
      count: Array.from({ length: size }, () => Math.ceil(20 * random())),
    },
    'made up',
  );
  const system = (
    /** @type {number} */ joules,
    /** @type {number} */ seconds,
    /** @type {number} */ fixed,
  ) => ({
    id: `made-${joules}`,
    label: `Made ${joules}`,
    energyJ: Float64Array.from(pairs.n, (n) => (fixed + joules * n) * (0.8 + 0.4 * random())),
    runtimeS: Float64Array.from(pairs.n, (n) => (0.1 + seconds * n) * (0.8 + 0.4 * random())),
    extrapolated: new Uint8Array(size),
    negative: new Uint8Array(size),
  });
  return { pairs, systems: [system(1, 0.3, 5), system(2, 0.1, 20), system(3, 0.02, 90)] };
}

const made = madeUp();
const madeForm = tableCostForm(made, 1, 'raw');
const madeCapacity = { devices: [40, 10, 6], arrivalRate: 1 };
const program = () => {
  const found = solve(capacityProgram(made, madeForm, madeCapacity));
  if (found.state !== 'optimal') throw new Error('the made-up devices should suffice');
};
const programS = Array.from({ length: 5 }, () => secondsOf(program)).toSorted((a, b) => a - b)[2];
const planS = secondsOf(() => capacityPlan(made, madeForm, madeCapacity, solve));

const table = costTableOf(
  pairTable(bundledWorkload('alpaca-davinci')),
  ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'].map((id) =>
    modelSystem({
      profile: bundledProfile(id),
      energyModel: 'grid',
      runtimeModel: 'grid',
      rails: 'total',
      idle: 'gross',
    }),
  ),
);
const form = tableCostForm(table, 1, 'raw');
// The A100s alone would be busy with more than they can: both kinds are needed, and both are short.
const capacity = { devices: [20, 4], arrivalRate: 1 };
const { pairs, systems } = table;
const spanS = pairs.queries / capacity.arrivalRate;

let ours = NaN;
const oursS = secondsOf(() => {
  const program = capacityProgram(table, form, capacity);
  const found = solve(program);
  if (found.state !== 'optimal') throw new Error('the devices should suffice');
  ours = 0;
  for (let i = 0; i < pairs.size; i++) {
    ours += found.x[i] * systems[0].energyJ[i] + (pairs.count[i] - found.x[i]) * systems[1].energyJ[i];
  }
});

/** The binary program: x of each query and system is 0 or 1; each query goes somewhere; devices have so much time. */
function binary() {
  const queries = Array.from({ length: pairs.size }, (_, i) =>
    new Array(Math.round(pairs.count[i])).fill(i),
  ).flat();
  const width = systems.length;
  const columns = queries.length * width;
  const rows = queries.length + width;
  const cost = new Float64Array(columns);
  const starts = new Int32Array(columns + 1);
  const indices = new Int32Array(2 * columns);
  const values = new Float64Array(2 * columns);
  queries.forEach((pair, q) => {
    for (let s = 0; s < width; s++) {
      const column = q * width + s;
      cost[column] = systems[s].energyJ[pair];
      starts[column + 1] = 2 * (column + 1);
      indices.set([q, queries.length + s], 2 * column);
      values.set([1, systems[s].runtimeS[pair]], 2 * column);
    }
  });
  const lower = new Float64Array(rows).fill(1, 0, queries.length).fill(-highs.infinity, queries.length);
  const upper = new Float64Array(rows).fill(1, 0, queries.length);
  capacity.devices.forEach((count, s) => (upper[queries.length + s] = count * spanS));
  const model = highs.createModel({
    numCols: columns,
    numRows: rows,
    colCost: cost,
    colLower: new Float64Array(columns),
    colUpper: new Float64Array(columns).fill(1),
    rowLower: lower,
    rowUpper: upper,
    integrality: new Array(columns).fill(highs.constants.variableType.integer),
    matrix: { format: 'csc', numCols: columns, numRows: rows, starts, indices, values },
  });
  model.options.set({ output_flag: false, random_seed: 0, time_limit: Number(limit) });
  model.run();
  const status = model.getModelStatus();
  const end =
    status === highs.constants.modelStatus.optimal
      ? 'was solved'
      : status === highs.constants.modelStatus.timeLimit
        ? `was ended after ${limit} s`
        : `ended with status ${status}`;
  const best = model.getObjectiveValue();
  const found = model.info.get('primal_solution_status') === 2;
  model.dispose();
  return { end: found ? end : `${end} without a solution`, best, found, queries: queries.length };
}

/** @type {ReturnType<typeof binary> | undefined} */
let other;
const binaryS = secondsOf(() => (other = binary()));
process.stdout.write(
  JSON.stringify({
    buckets: made.pairs.size,
    programS,
    planS,
    queries: other?.queries,
    pairs: pairs.size,
    oursS,
    binaryS,
    binaryEnd: other?.end,
    // Without any solution there is none that is better.
    worse: other?.found === false ? 0 : ours / (other?.best ?? NaN) - 1,
  }),
);
