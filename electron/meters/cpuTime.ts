import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Linux counts CPU time for its users in hundredths of a second, whatever its kernel's own tick. */
const TICKS_PER_S = 100;

/**
 * CPU time that a process has used so far, s; on a Mac with all that it started (`sudo` starts powermetrics), on
 * Linux with those that have ended. In steps of 10 ms.
 * @returns undefined where it cannot be read: there is no such process, or the system does not tell
 */
export async function cpuTimeOf(pid: number, platform = process.platform): Promise<number | undefined> {
  if (platform === 'linux') return cpuTimeInStat(attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8')));
  if (platform !== 'darwin') return undefined;
  try {
    const listing = await promisify(execFile)('/bin/ps', ['-A', '-o', 'pid=,ppid=,cputime=']);
    return cpuTimeInListing(listing.stdout, pid);
  } catch {
    return undefined;
  }
}

/** From /proc/PID/stat: user and system time, its own and of the children that it waited for. */
export function cpuTimeInStat(stat: string | undefined): number | undefined {
  // The name of the program stands in parentheses and may hold anything.
  const fields = stat
    ?.slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  if (fields?.length !== 4 || !fields.every(Number.isFinite)) return undefined;
  return fields.reduce((total, ticks) => total + ticks, 0) / TICKS_PER_S;
}

/** From `ps -A -o pid=,ppid=,cputime=`: a process and everything below it. */
export function cpuTimeInListing(listing: string, pid: number): number | undefined {
  const usedS = new Map<number, number>();
  const children = new Map<number, number[]>();
  for (const line of listing.split('\n')) {
    const [, own, parent, time] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s*$/.exec(line) ?? [];
    const timeS = secondsOf(time ?? '');
    if (own === undefined || timeS === undefined) continue;
    usedS.set(Number(own), timeS);
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(own)]);
  }
  if (!usedS.has(pid)) return undefined;
  let total = 0;
  const open = [pid];
  const seen = new Set<number>();
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    total += usedS.get(each) ?? 0;
    open.push(...(children.get(each) ?? []));
  }
  return total;
}

/** "12:34.56" (minutes and seconds), "1:02:03" and "2-01:02:03", s. */
function secondsOf(time: string): number | undefined {
  const [, days = '0', rest] = /^(?:(\d+)-)?(\d+(?::\d+)*(?:\.\d+)?)$/.exec(time) ?? [];
  if (rest === undefined) return undefined;
  return Number(days) * 86_400 + rest.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/** Counts the CPU time of work that is done at once. */
export interface CountedWork {
  <T>(work: () => T): T;
  readonly usedS: () => number;
}

/**
 * The CPU time of work on this thread. Where Node cannot tell the thread's own it is that of the whole process
 * meanwhile, which is the work's and, at most, what other threads did at the same moment.
 */
export function countedWork(): CountedWork {
  const { threadCpuUsage } = process as { threadCpuUsage?: typeof process.cpuUsage };
  const usage = (): number => {
    const { user, system } = threadCpuUsage === undefined ? process.cpuUsage() : threadCpuUsage.call(process);
    return (user + system) / 1e6;
  };
  let usedS = 0;
  const counted = <T>(work: () => T): T => {
    const beforeS = usage();
    try {
      return work();
    } finally {
      usedS += usage() - beforeS;
    }
  };
  return Object.assign(counted, { usedS: () => usedS });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
