import { spawn } from 'node:child_process';
import { copyFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { closedUrl } from '../test/scriptedServer.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { serverProcesses } from './serverProcesses.ts';

/** A server that leaves its work to a child, as Ollama does; it tells its port and the child's process. */
const SERVER = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
const server = require('node:http').createServer().listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: server.address().port, child: child.pid })));
process.stdin.resume().on('end', () => process.exit());
`;

async function started(program = process.execPath): Promise<{ url: string; pids: number[] }> {
  const server = spawn(program, ['-e', SERVER], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  for await (const line of createInterface({ input: server.stdout })) {
    const { port, child } = JSON.parse(line) as { port: number; child: number };
    return { url: `http://127.0.0.1:${port}`, pids: [server.pid!, child].sort((a, b) => a - b) };
  }
  throw new Error('the server did not start');
}

const canTell = process.platform === 'linux' || process.platform === 'darwin';

test.skipIf(!canTell)('a server is found by its port, with what it has started', async () => {
  const { url, pids } = await started();
  expect(await serverProcesses(url)).toEqual(pids);
  expect(await serverProcesses(url.replace('127.0.0.1', 'localhost'))).toEqual(pids);
});

test('nobody listens, or it is elsewhere: there is no process, and no guess', async () => {
  expect(await serverProcesses(await closedUrl())).toEqual([]);
  expect(await serverProcesses('http://192.0.2.1:8080')).toEqual([]);
  expect(await serverProcesses('https://example.org')).toEqual([]);
});

test.skipIf(!canTell)('what only passes on to a server elsewhere is not the server', async () => {
  // A program goes by the name of its file.
  const ssh = path.join(temporaryFolder(), 'ssh');
  if (process.platform === 'darwin') copyFileSync(process.execPath, ssh);
  else symlinkSync(process.execPath, ssh);
  expect(await serverProcesses((await started(ssh)).url)).toEqual([]);
});
