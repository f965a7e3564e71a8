import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

export interface MemoryBytes {
  /** what a program can have now without the system running short */
  readonly available: number;
  readonly total: number;
}

/** Share of a Mac's memory that a model may take: the rest belongs to the system and to what is open. */
const MAC_SHARE = 0.8;

/**
 * Memory for a model. Linux says what is available, file caches included. macOS counts its caches as used, so that its
 * free memory says nothing; there a share of all memory stands for it.
 */
export function availableMemoryBytes(): MemoryBytes {
  const total = totalmem();
  if (process.platform === 'darwin') return { available: total * MAC_SHARE, total };
  if (process.platform !== 'linux') return { available: freemem(), total };
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    return { available: kilobytes === undefined ? freemem() : Number(kilobytes) * 1024, total };
  } catch {
    return { available: freemem(), total };
  }
}
