// A Slurm of one node on loopback, in a folder of its own: its daemons are ours, and end with us. It touches no Slurm
// that may be there already.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { runQuietly, tail } from '../runtime/commands.mjs';
import { Problem, note } from '../runtime/messages.mjs';

/**
 * @typedef {object} Cluster
 * @property {(program: string, ...args: string[]) => Promise<string>} ask runs one of Slurm's programs and gives what
 * it says; a failure is a Problem
 * @property {() => Promise<void>} stop
 */

/** How long the daemons may take to be ready, s. */
const PATIENCE_S = 60;

/**
 * @param {string} folder an empty folder
 * @returns {Promise<Cluster>}
 * @throws {Problem} when a daemon does not come up; its log has been shown
 */
export async function startCluster(folder) {
  for (const part of ['munge', 'state', 'spool', 'logs']) mkdirSync(path.join(folder, part), { mode: 0o755 });
  const key = path.join(folder, 'munge', 'key');
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const node = os.hostname().split('.')[0] ?? 'localhost';
  const conf = path.join(folder, 'slurm.conf');
  writeFileSync(conf, configuration({ folder, node, ports: [await freePort(), await freePort()] }));
  const env = { ...process.env, SLURM_CONF: conf };

  /** @type {import('node:child_process').ChildProcess[]} */
  const daemons = [];
  /** @param {string} program @param {string[]} args */
  const start = (program, args) => {
    const child = spawn(program, args, { env, stdio: 'ignore' });
    // A daemon that cannot be started is found out when it does not answer.
    child.on('error', () => {});
    daemons.push(child);
  };
  const stop = async () => {
    for (const child of daemons.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(impatient);
    }
  };
  const ask = async (/** @type {string} */ program, /** @type {string[]} */ ...args) => {
    const { code, output } = await runQuietly(program, args, { env, cwd: folder });
    if (code !== 0) throw new Problem(`${program} ${args.join(' ')} failed: ${tail(output)}`);
    return output.trim();
  };

  const inMunge = (/** @type {string} */ name) => path.join(folder, 'munge', name);
  start('munged', [
    '--foreground',
    '--force',
    `--key-file=${key}`,
    ...['socket', 'pid', 'log', 'seed'].map(
      (name) => `--${name}${name === 'socket' ? '' : '-file'}=${inMunge(name)}`,
    ),
  ]);
  try {
    await until('munged', PATIENCE_S, async () => {
      const { code } = await runQuietly('munge', ['-n', '-S', inMunge('socket')], { env });
      return code === 0;
    });
    start('slurmctld', ['-D', '-i']);
    start('slurmd', ['-D', '-N', node]);
    await until('the node', PATIENCE_S, async () => {
      const { code, output } = await runQuietly('sinfo', ['-h', '-o', '%T'], { env });
      return code === 0 && /^(idle|mixed)/.test(output.trim());
    });
  } catch (thrown) {
    for (const name of ['slurmctld', 'slurmd']) note(logOf(path.join(folder, 'logs', `${name}.log`)));
    await stop();
    throw thrown;
  }
  return { ask, stop };
}

/**
 * Asks again and again until something is so.
 * @param {string} what for the message
 * @param {number} seconds how long at the most
 * @param {() => Promise<boolean> | boolean} isSo
 * @throws {Problem} when the time has passed
 */
export async function until(what, seconds, isSo) {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Problem(`${what} was not ready within ${seconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** @param {string} file */
function logOf(file) {
  try {
    return `${file}:\n${tail(readFileSync(file, 'utf8'), 20)}`;
  } catch {
    return `${file} was not written.`;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * Plugins that need neither control groups nor an accounting database.
 * @param {{ folder: string, node: string, ports: [number, number] }} where
 */
function configuration({ folder, node, ports }) {
  const cpus = Math.max(2, os.cpus().length);
  const daemon = (/** @type {string} */ name) =>
    `${name}PidFile=${folder}/${name}.pid\n${name}LogFile=${folder}/logs/${name.toLowerCase()}.log`;
  return `ClusterName=crossover
SlurmctldHost=${node}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
${daemon('Slurmctld')}
${daemon('Slurmd')}
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=5
ReturnToService=2
JobRequeue=1
KillWait=30
NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus} Boards=1 SocketsPerBoard=1 CoresPerSocket=${cpus} ThreadsPerCore=1 State=UNKNOWN
PartitionName=lab Nodes=${node} Default=YES MaxTime=INFINITE State=UP
`;
}
