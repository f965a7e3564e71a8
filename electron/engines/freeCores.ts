import { availableParallelism, cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 500;
/** Of a core: what a system does beside must not cost it a whole one. */
const ALMOST = 0.25;

/**
 * Cores that nothing else uses now, at least 1. More threads than that wait for one another in a spin, which makes a
 * token hundreds of times slower. Measured rather than taken from the load average, which still holds what this
 * program did a minute ago.
 */
export async function freeCores(): Promise<number> {
  const before = idleAndTotalMs();
  await wait(LOOK_MS);
  const after = idleAndTotalMs();
  const total = after.total - before.total;
  return coresFor(availableParallelism(), total > 0 ? (after.idle - before.idle) / total : 1);
}

/** Cores of an idle share that are free or nearly so, at least 1. */
export function coresFor(cores: number, idleShare: number): number {
  return Math.min(cores, Math.max(1, Math.floor(cores * idleShare + ALMOST)));
}

function idleAndTotalMs(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
