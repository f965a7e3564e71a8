// One part of the bench of analyses: the optimum under capacity, as a linear program on pairs and as a binary program
// with a variable for each query and system. node devices.mjs BUNDLE [SECONDS that the binary program may take]

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import loadHighs from 'highs';

const [folder = '', limit = '20'] = process.argv.slice(2);
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

const modelled = ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'].map((id) =>
  modelSystem({
    profile: bundledProfile(id),
    energyModel: 'grid',
    runtimeModel: 'grid',
    rails: 'total',
    idle: 'gross',
  }),
);
// The M1 Pros would be busy with half as much again if there were more of them.
const capacity = { devices: [5, 2], arrivalRate: 1 };

/** The least cost by the linear program on pairs. */
function linear(/** @type {ReturnType<typeof costTableOf>} */ table) {
  const { pairs, systems } = table;
  const found = solve(capacityProgram(table, tableCostForm(table, 1, 'raw'), capacity));
  if (found.state !== 'optimal') throw new Error('the devices should suffice');
  let best = 0;
  for (let i = 0; i < pairs.size; i++) {
    best += found.x[i] * systems[0].energyJ[i] + (pairs.count[i] - found.x[i]) * systems[1].energyJ[i];
  }
  return best;
}

/** The binary program: x of each query and system is 0 or 1; each query goes somewhere; devices have so much time. */
function binary(/** @type {ReturnType<typeof costTableOf>} */ { pairs, systems }) {
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
  const spanS = queries.length / capacity.arrivalRate;
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
  const solved = status === highs.constants.modelStatus.optimal;
  const found = model.info.get('primal_solution_status') === 2;
  const end = solved
    ? 'was solved'
    : `was ended after ${limit} s ${found ? 'with what it had' : 'without a solution'}`;
  const best = found ? model.getObjectiveValue() : Infinity;
  model.dispose();
  return { end, best };
}

const whole = pairTable(bundledWorkload('alpaca-davinci'));
/** Every 16th query: few enough for the binary program to come to its end. */
function thinned() {
  let seen = 0;
  const kept = Array.from(whole.count, (count) => {
    const before = Math.floor(seen / 16);
    seen += count;
    return Math.floor(seen / 16) - before;
  });
  const some = kept.flatMap((count, i) => (count > 0 ? [i] : []));
  return pairTableOf(
    { m: some.map((i) => whole.m[i]), n: some.map((i) => whole.n[i]), count: some.map((i) => kept[i]) },
    'thinned',
  );
}

const few = costTableOf(thinned(), modelled);
const fewLinear = linear(few);
const fewBinary = binary(few);
const table = costTableOf(whole, modelled);
let ours = NaN;
const oursS = secondsOf(() => (ours = linear(table)));
let other = { end: '', best: NaN };
const binaryS = secondsOf(() => (other = binary(table)));
process.stdout.write(
  JSON.stringify({
    buckets: made.pairs.size,
    programS,
    planS,
    queries: whole.queries,
    pairs: whole.size,
    oursS,
    binaryS,
    binaryEnd: other.end,
    above: other.best === Infinity ? null : ours / other.best - 1,
    fewQueries: few.pairs.queries,
    fewEnd: fewBinary.end,
    fewAbove: fewLinear / fewBinary.best - 1,
  }),
);
