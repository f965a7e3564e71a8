// npm run test:slurm: the collector's job array on a real Slurm of one node, made for this test and gone after it. One
// task is killed outright, one is told to stop, one runs out of time; all are queued again, go on where they were, and
// their bundles make one profile. It runs as root, and installs Slurm and MUNGE on a Debian that lacks them. Not part of npm test.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { here, makeCollector } from '../runtime/collector.mjs';
import { isOnPath, runQuietly, tail } from '../runtime/commands.mjs';
import { Problem, note, runScript } from '../runtime/messages.mjs';
import { installPackages } from '../runtime/packages.mjs';
import { ensureSqlite, nodeApiHere } from '../runtime/sqlite.mjs';
import { startCluster, until } from './cluster.mjs';

const SHARDS = 3;
const CELLS = ['8,4', '16,4', '32,4', '8,8', '16,8', '32,8'];
const TRIALS = 6;
/** The replayed meter's power lies between these, W. */
const POWER = { least: 60, most: 300 };
/** For the whole array, s: a task takes half a minute, and a queue thinks in minutes. */
const PATIENCE_S = 900;

await runScript(async () => {
  await ensureSlurm();
  await ensureSqlite();
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-slurm-'));
  /** @type {import('./cluster.mjs').Cluster | undefined} */
  let cluster;
  const clearUp = async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupt = () => void clearUp().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    note('building the collector, with the embedded engine …');
    const collector = await makeCollector({
      into: path.join(folder, 'collector'),
      embedded: true,
      compiled: nodeApiHere < 10,
    });
    note('starting munged, slurmctld and slurmd …');
    cluster = await startCluster(makeFolder(folder, 'slurm'));
    await collect(cluster, collector.folder, folder);
    note('everything holds.');
    process.stdout.write('1 passed, 0 failed\n');
    return 0;
  } catch (thrown) {
    note(
      thrown instanceof Problem ? thrown.message : String(thrown instanceof Error ? thrown.stack : thrown),
    );
    process.stdout.write('0 passed, 1 failed\n');
    return 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await clearUp();
  }
});

async function ensureSlurm() {
  if (here() !== 'linux-x64' && here() !== 'linux-arm64') throw new Problem('Slurm runs on Linux alone.');
  if (process.getuid?.() !== 0) {
    throw new Problem(
      'This test starts daemons of its own as root. Run it as root, on a computer that is yours.',
    );
  }
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter((program) => !isOnPath(program));
  if (missing.length > 0) await installPackages(['slurm-wlm', 'munge'], 'test the job array');
}

/** @param {string} parent @param {string} name */
function makeFolder(parent, name) {
  return mkdtempSync(path.join(parent, `${name}-`));
}

/**
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {string} home the collector
 * @param {string} folder
 */
async function collect({ ask }, home, folder) {
  const shared = makeFolder(folder, 'shared');
  const powerLog = path.join(folder, 'power.csv');
  writeFileSync(powerLog, powerLogText());
  const job = await ask(
    'sbatch',
    '--parsable',
    `--array=1-${SHARDS}`,
    `--export=ALL,CROSSOVER_HOME=${home},CROSSOVER_SHARED=${shared},CROSSOVER_NODE=${process.execPath}`,
    `--output=${shared}/task-%a.log`,
    path.join(home, 'collect', 'collect.sbatch'),
    ...['--engine', 'embedded', '--model', 'synthetic:tiny', '--meter', `replay:${powerLog}`],
    // More trials than are needed, so that there is something to interrupt.
    ...['--sweep', CELLS.join(' '), '--target', '0.000001', '--max-trials', String(TRIALS), '--idle', '1'],
  );
  note(`submitted the array ${job} with ${SHARDS} tasks`);
  const log = (/** @type {number} */ task) => readOr(path.join(shared, `task-${task}.log`), '');
  const trials = (/** @type {number} */ task) => (log(task).match(/^ {2}trial \d+:/gm) ?? []).length;
  const states = async () => await ask('squeue', '-h', '-r', '-j', job, '-o', '%i %T');

  await until('the second trial of task 1', PATIENCE_S, () => trials(1) >= 2);
  const before = trials(1);
  for (const pid of await processesOf(ask, `${job}_1`)) kill(pid);
  note(`killed task 1 outright after ${before} trials`);
  await until(
    'the end of the killed task',
    PATIENCE_S,
    async () => !(await states()).includes(`${job}_1 RUNNING`),
  );
  await ask('scontrol', 'requeue', `${job}_1`);
  await startSoon(ask, `${job}_1`);

  await until('the second trial of task 2', PATIENCE_S, () => trials(2) >= 2);
  await ask('scontrol', 'requeue', `${job}_2`);
  await startSoon(ask, `${job}_2`);
  note('queued task 2 again while it ran');

  await until('the second trial of task 3', PATIENCE_S, () => trials(3) >= 2);
  await ask('scancel', '--signal=USR1', '--batch', `${job}_3`);
  await startSoon(ask, `${job}_3`);
  note('told task 3 that its time is up, and it queued itself again');

  const bundles = path.join(shared, 'bundles');
  await until('the array', PATIENCE_S, async () => (await states()) === '' && countIn(bundles) === SHARDS);
  for (let task = 1; task <= SHARDS; task++) note(`task ${task}: ${tail(log(task), 1)}`);
  assert.match(log(1), /start 2[\s\S]*measuring the idle baseline/, 'task 1 did not start again');
  assert.match(log(2), /Paused\.[\s\S]*start 2/, 'task 2 did not pause when it was told to stop');

  await merge(
    home,
    folder,
    readdirSync(bundles).map((name) => path.join(bundles, name)),
    { before },
  );
}

/**
 * @param {string} home
 * @param {string} folder
 * @param {string[]} bundles
 * @param {{ before: number }} killed trials that were told of before the first task was killed
 */
async function merge(home, folder, bundles, { before }) {
  assert.equal(bundles.length, SHARDS, `there are ${bundles.length} bundles`);
  const data = makeFolder(folder, 'data');
  const crossover = async (/** @type {string[]} */ ...args) => {
    const { code, output } = await runQuietly(
      process.execPath,
      [path.join(home, 'crossover.mjs'), ...args, '--json', '--data', data],
      { cwd: folder },
    );
    if (code !== 0) throw new Problem(`crossover ${args.join(' ')} failed: ${tail(output)}`);
    return JSON.parse(output);
  };
  const imported = await crossover('runs', 'import', ...bundles);
  assert.equal(imported.merged.length, 1);
  const [merged] = imported.merged;
  assert.deepEqual(merged.missingShards, []);
  assert.deepEqual(merged.missingCells, []);
  assert.deepEqual(
    merged.runs.map((/** @type {{ shard: string }} */ { shard }) => shard),
    ['1 of 3', '2 of 3', '3 of 3'],
  );

  const profile = await crossover('profiles', 'show', merged.profile);
  const found = profile.cells.map((/** @type {{ m: number, n: number }} */ { m, n }) => `${m},${n}`);
  assert.deepEqual([...found].sort(), [...CELLS].sort());
  for (const { m, n, trials, energyJ, runtimeS } of profile.cells) {
    assert.ok(trials >= 3, `(${m}, ${n}) has ${trials} valid trials`);
    const power = energyJ.total / runtimeS;
    assert.ok(power >= POWER.least && power <= POWER.most, `(${m}, ${n}) draws ${power} W`);
  }
  for (const { id } of merged.runs) {
    const run = await crossover('runs', 'show', id);
    const indices = run.trialList.map((/** @type {{ index: number }} */ { index }) => index);
    assert.deepEqual(
      indices,
      indices.map((/** @type {number} */ _, /** @type {number} */ i) => i),
    );
    assert.equal(run.state, 'done');
    /** @type {{ kind: string, atS: number } | undefined} */
    const resumed = run.events.find((/** @type {{ kind: string }} */ { kind }) => kind === 'resume');
    assert.ok(resumed !== undefined, `${id} was not gone on with`);
    if (!id.endsWith('-1')) continue;
    const kept = run.trialList.filter((/** @type {{ endS: number }} */ { endS }) => endS < resumed.atS);
    assert.ok(kept.length >= before, `${kept.length} of the ${before} trials from before the kill are left`);
    note(`${kept.length} trials of the killed start are kept, ${indices.length} there are in all`);
  }
  note(`${found.length} cells in ${merged.profile}`);
}

/**
 * The processes of a task on this node.
 * @param {import('./cluster.mjs').Cluster['ask']} ask
 * @param {string} task
 */
async function processesOf(ask, task) {
  const lines = (await ask('scontrol', 'listpids', await jobIdOf(ask, task))).split('\n').slice(1);
  return lines.map((line) => Number(line.trim().split(/\s+/)[0])).filter((pid) => pid > 0);
}

/**
 * A task of an array is a job of its own.
 * @param {import('./cluster.mjs').Cluster['ask']} ask
 * @param {string} task
 */
async function jobIdOf(ask, task) {
  const id = /JobId=(\d+)/.exec(await ask('scontrol', 'show', 'job', task))?.[1];
  if (id === undefined) throw new Problem(`Slurm does not know the task ${task}.`);
  return id;
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended with its parent.
  }
}

/**
 * Has a task that is being queued again wait for ten seconds instead of Slurm's two minutes: a node does not start a
 * job that has just been killed on it.
 * @param {import('./cluster.mjs').Cluster['ask']} ask
 * @param {string} task
 */
async function startSoon(ask, task) {
  await until(`the queued task ${task}`, PATIENCE_S, async () =>
    (await ask('squeue', '-h', '-r', '-j', task, '-o', '%T')).startsWith('PENDING'),
  );
  await ask('scontrol', 'update', `JobId=${task}`, 'StartTime=now+10');
}

/** Ten minutes of nvidia-smi, ten samples a second, with a power that goes up and down. */
function powerLogText() {
  const start = Date.UTC(2026, 0, 1, 10);
  const middle = (POWER.least + POWER.most) / 2;
  const reach = (POWER.most - POWER.least) / 2;
  const lines = Array.from({ length: 6000 }, (_, i) => {
    const stamp = new Date(start + i * 100)
      .toISOString()
      .replace('T', ' ')
      .replace('Z', '')
      .replaceAll('-', '/');
    return `${stamp}, 0, ${(middle + reach * Math.sin(i / 37)).toFixed(2)} W`;
  });
  return ['timestamp, index, power.draw [W]', ...lines, ''].join('\n');
}

/** @param {string} folder */
function countIn(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.zip')).length;
  } catch {
    return 0;
  }
}

/** @param {string} file @param {string} otherwise */
function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
