import type { Meter } from '../meters/meter.ts';

/**
 * Does some work and tells how much of one core the meter and our reader used meanwhile.
 * @param clock the machine's monotonic clock, s
 * @returns `overhead` absent where the meter cannot tell
 */
export async function withOverhead<T>(
  meter: Meter,
  clock: () => number,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly overhead?: number }> {
  const beforeS = await meter.cpuS?.();
  const startS = clock();
  const done = await work();
  const lengthS = clock() - startS;
  const afterS = await meter.cpuS?.();
  if (beforeS === undefined || afterS === undefined || !(lengthS > 0)) return { done };
  return { done, overhead: Math.max(0, afterS - beforeS) / lengthS };
}
