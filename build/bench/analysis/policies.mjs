// One part of the bench of analyses: everything about thresholds on Alpaca, or on ten million made-up queries.
// node policies.mjs BUNDLE alpaca|large

import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [folder = '', which = ''] = process.argv.slice(2);
const from = (/** @type {string} */ name) => import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);

const { bundledProfile, bundledWorkload } = await from('bundled');
const { modelSystem, costTableOf } = await from('costTable');
const { pairTable, pairTableOf } = await from('pairs');
const { policyProblem, bestOfFamily, hasCurves } = await from('problem');
const { ruleTotals, tableCostForm, THRESHOLD_FAMILIES } = await from('rules');
const { thresholdSurface, surfaceCost } = await from('surface');
const { exactFront } = await from('front');
const { deployableEnvelope } = await from('flips');
const { prepareJoint } = await from('jointSetUp');
const { analyse, settingsSchema } = await from('study');

const IDS = ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'];
const systems = IDS.map((id) =>
  modelSystem({
    profile: bundledProfile(id),
    energyModel: 'grid',
    runtimeModel: 'grid',
    rails: 'total',
    idle: 'gross',
  }),
);

/** Ten million queries in a million distinct pairs, shorter ones more often. */
function madeUp() {
  const side = 1000;
  const size = side * side;
  const columns = { m: new Uint32Array(size), n: new Uint32Array(size), count: new Float64Array(size) };
  let left = 9 * size;
  for (let i = 0; i < size; i++) {
    columns.m[i] = 1 + Math.floor(i / side);
    columns.n[i] = 1 + (i % side);
    // The first thousand pairs take turns with what is left after one query each.
    const more = i === size - 1 ? left : Math.min(left, Math.round((18 * (size - i)) / size));
    columns.count[i] = 1 + more;
    left -= more;
  }
  return pairTableOf(columns, 'made up');
}

function everything() {
  const pairs = which === 'large' ? madeUp() : pairTable(workload);
  const start = performance.now();
  const table = costTableOf(pairs, systems);
  const problem = policyProblem(table);
  const form = tableCostForm(table, 1, 'raw');
  const found = THRESHOLD_FAMILIES.map((/** @type {string} */ family) =>
    ruleTotals(table, bestOfFamily(problem, family, form), form),
  );
  const surface = thresholdSurface(table, { most: 1024 });
  const cost = surfaceCost(surface, form);
  const oracle = ruleTotals(table, { policy: 'oracle' }, form);
  if (!hasCurves(problem)) throw new Error('two systems have curves');
  const flips = deployableEnvelope(problem, form, undefined, exactFront(problem)).length - 1;
  const ms = performance.now() - start;
  if (!(oracle.cost <= Math.min(...found.map((/** @type {{ cost: number }} */ each) => each.cost)))) {
    throw new Error('a threshold is better than the oracle');
  }
  return { ms, pairs: pairs.size, queries: pairs.queries, points: cost.length, flips };
}

const workload = bundledWorkload('alpaca-davinci');
const turns = which === 'large' ? 1 : 9;
const first = everything();
const times = [first.ms];
while (times.length < turns) times.push(everything().ms);

/** Steps of the λ slider, as the window takes them. */
function slider() {
  const settings = settingsSchema.parse({
    small: IDS[0],
    large: IDS[1],
    workload: 'alpaca-davinci',
    energyModel: 'grid',
    policy: 'threshold-product',
    thresholds: 'every-integer',
  });
  const inputs = { small: bundledProfile(IDS[0]), large: bundledProfile(IDS[1]), workload };
  const prepared = prepareJoint(settings, inputs);
  const steps = [];
  for (let step = 0; step < 41; step++) {
    const start = performance.now();
    analyse({ ...settings, lambda: step / 40 }, inputs, prepared);
    steps.push(performance.now() - start);
  }
  return median(steps);
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const sliderMs = which === 'large' ? 0 : slider();
process.stdout.write(
  JSON.stringify({
    pairs: first.pairs,
    queries: first.queries,
    points: first.points,
    flips: first.flips,
    firstMs: first.ms,
    ms: median(times),
    sliderMs,
    memoryMB: process.resourceUsage().maxRSS / 1000,
  }),
);
