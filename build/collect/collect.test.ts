/** collect.sh, run by a real bash, with stand-ins for the collector and the server. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { asked, environment, executable, folder, onUnix, script, STAND_IN } from './standIn.ts';

function collect(home: string, args: readonly string[], changes: Record<string, string> = {}) {
  executable(path.join(home, 'crossover'), STAND_IN);
  return spawnSync('bash', [script('collect.sh'), ...args], {
    cwd: home,
    encoding: 'utf8',
    env: environment(home, { CROSSOVER: path.join(home, 'crossover'), ...changes }),
  });
}

onUnix('a shard is measured under its own id, its flags arrive word by word, and its bundle is left', () => {
  const home = folder();
  const { status } = collect(home, ['2/3', '--sweep', '8,8 16,8', '--meter', 'nvidia-smi'], {
    CROSSOVER_KEY: 'a',
  });
  expect(status).toBe(0);
  const shared = path.join(home, 'crossover-results');
  const [measure, bundle] = asked(home);
  expect(measure).toEqual([
    ...['measure', '--data', `${shared}/lab/run-a-2`, '--run', 'run-a-2', '--shard', '2/3'],
    ...['--sweep', '8,8 16,8', '--meter', 'nvidia-smi'],
  ]);
  expect(bundle!.slice(0, 3)).toEqual(['runs', 'export', 'run-a-2']);
  expect(readdirSync(path.join(shared, 'bundles'))).toEqual(['run-a-2.crossover-run.zip']);
});

onUnix.each([[[]], [['3']], [['0/2']], [['2/x', '--sweep', 'quick']]])('%j is no shard', (args) => {
  const home = folder();
  expect(collect(home, args)).toMatchObject({ status: 2 });
  expect(existsSync(path.join(home, 'asked.txt'))).toBe(false);
});

onUnix('a measurement that fails leaves no bundle, and its exit code is that of the script', () => {
  const home = folder();
  const first = collect(home, ['1/1', 'fail']);
  expect(first.status).toBe(4);
  expect(first.stderr).toContain('shard 1/1 is not done (exit code 4); started again, it goes on');
  expect(readdirSync(path.join(home, 'crossover-results', 'bundles'))).toEqual([]);
  expect(collect(home, ['1/1', 'fail']).status).toBe(0);
});

/** Resolves when a file is there. */
function appeared(file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(path.dirname(file), () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    });
    onTestFinished(() => watcher.close());
    if (existsSync(file)) resolve();
  });
}

onUnix('told to end, it lets the measurement pause, and says so with its exit code', async () => {
  const home = folder();
  executable(path.join(home, 'crossover'), STAND_IN);
  const child: ChildProcess = spawn('bash', [script('collect.sh'), '1/1', 'wait'], {
    cwd: home,
    env: environment(home, { CROSSOVER: path.join(home, 'crossover') }),
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await appeared(path.join(home, 'waiting'));
  child.kill('SIGTERM');
  expect(await ended).toEqual([130, null]);
  expect(asked(home)).toHaveLength(1);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

onUnix('a server is started, waited for, used and ended with all that it started', async () => {
  const home = folder();
  const server = path.join(home, 'server.mjs');
  // It answers 503 until its model is loaded, as a server does.
  writeFileSync(
    server,
    `import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const child = spawn('sleep', ['1000']);
writeFileSync('pids.json', JSON.stringify([process.pid, child.pid]));
let asked = 0;
createServer((_, response) => { asked += 1; response.writeHead(asked > 1 ? 200 : 503).end('{}'); }).listen(process.env.CROSSOVER_PORT);
`,
  );
  const port = String(await freePort());
  const { status } = collect(home, ['1/1', '--model', 'm'], {
    CROSSOVER_SERVER: `"${process.execPath}" server.mjs`,
    CROSSOVER_PORT: port,
  });
  expect(status).toBe(0);
  expect(asked(home)[0]!.slice(7)).toEqual([
    '--engine',
    'openai',
    '--url',
    `http://127.0.0.1:${port}`,
    '--model',
    'm',
  ]);
  const pids = JSON.parse(readFileSync(path.join(home, 'pids.json'), 'utf8')) as number[];
  for (const pid of pids) expect(isRunning(pid)).toBe(false);
});

/** A process that has ended may still be listed until its parent has looked. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

onUnix('a server that ends before it answers is told of, with its log', () => {
  const home = folder();
  const { status, stderr } = collect(home, ['1/1'], { CROSSOVER_SERVER: 'echo no GPU; exit 1' });
  expect(status).toBe(4);
  expect(stderr).toContain('the server ended before it answered');
  const log = path.join(home, 'crossover-results', 'logs', 'run-sweep-1-server.log');
  expect(readFileSync(log, 'utf8')).toBe('no GPU\n');
});
