import { execFile } from 'node:child_process';
import type { Environment } from '#core/run';

/** A driver that is not well can keep its program waiting for ever, ms. */
const PATIENCE_MS = 20_000;

/**
 * NVIDIA's GPUs, as nvidia-smi names them. It never throws.
 * @returns undefined where there are none, or none is told of
 */
export function nvidiaGpus(program = 'nvidia-smi'): Promise<Environment['gpus']> {
  const args = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'];
  return new Promise((resolve) => {
    try {
      execFile(program, args, { timeout: PATIENCE_MS, encoding: 'utf8' }, (error, out) =>
        resolve(error === null ? gpusIn(out) : undefined),
      );
    } catch {
      resolve(undefined);
    }
  });
}

/** @param text lines such as "NVIDIA A100-SXM4-80GB, 81920, 535.104.05"; what a GPU does not tell is in brackets */
export function gpusIn(text: string): Environment['gpus'] {
  const gpus = text.split('\n').flatMap((line) => {
    const [name = '', memory = '', driver = ''] = line.split(',').map((part) => part.trim());
    if (name === '' || name.startsWith('[') || !/^[\d[]/.test(memory)) return [];
    const mebibytes = Number(memory);
    return [
      {
        name,
        ...(mebibytes > 0 ? { memoryBytes: mebibytes * 2 ** 20 } : {}),
        ...(driver === '' || driver.startsWith('[') ? {} : { driver }),
      },
    ];
  });
  return gpus.length === 0 ? undefined : gpus;
}
