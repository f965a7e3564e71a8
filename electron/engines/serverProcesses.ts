/** Which processes a model server on this computer consists of, so that a meter can tell their share of the CPU's energy. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What listens in a server's place and does none of its work: the server is elsewhere, or cannot be told. */
const FORWARDER = /ssh|docker|podman|rootless|slirp|pasta|nginx|caddy|traefik|haproxy|envoy|socat|kubectl/i;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** of /proc/net/tcp */
const LISTENING = '0A';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/**
 * The processes that listen at an address of this computer, and all that they have started.
 * @returns none for an address elsewhere, and where it cannot be found out: the share is then absent, not 0
 */
export async function serverProcesses(url: string): Promise<number[]> {
  const { hostname, port, protocol } = new URL(url);
  if (!LOOPBACK.test(hostname)) return [];
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  try {
    const [listeners, processes] = await Promise.all([listenersAt(number), processesHere()]);
    const names = new Map(processes.map(({ pid, name }) => [pid, name]));
    if (listeners.some((pid) => FORWARDER.test(names.get(pid) ?? ''))) return [];
    return withDescendants(listeners, processes);
  } catch {
    // A system without the means, or a process that belongs to somebody else.
    return [];
  }
}

function withDescendants(pids: readonly number[], processes: readonly Process[]): number[] {
  const found = new Set(pids);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found].sort((a, b) => a - b);
}

async function listenersAt(port: number): Promise<number[]> {
  if (process.platform === 'linux') return listenersOnLinux(port);
  if (process.platform !== 'darwin') return [];
  const { stdout } = await run('/usr/sbin/lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
  return stdout
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

async function processesHere(): Promise<Process[]> {
  if (process.platform === 'linux') return processesOnLinux();
  const { stdout } = await run('/bin/ps', ['-axo', 'pid=,ppid=,comm=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return name === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), name: name.split('/').at(-1)! }];
  });
}

/** The kernel names the sockets that listen, and each process's files name those that it has open. */
function listenersOnLinux(port: number): number[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of textOf(table).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTENING && local.endsWith(ending)) sockets.add(`socket:[${inode}]`);
    }
  }
  if (sockets.size === 0) return [];
  return pidsOnLinux().filter((pid) => filesOf(pid).some((file) => sockets.has(file)));
}

function processesOnLinux(): Process[] {
  return pidsOnLinux().flatMap((pid) => {
    // The name stands in brackets and may hold anything, brackets too.
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(textOf(`/proc/${pid}/stat`)) ?? [];
    return name === undefined ? [] : [{ pid, parent: Number(parent), name }];
  });
}

function pidsOnLinux(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function filesOf(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((name) => readlinkSync(`${folder}/${name}`));
  } catch {
    // It has ended, it closed one meanwhile, or it is not ours to look at.
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
