// The analysing thread, built once for a run of the unit tests, whose sources are not.
import type { TestProject } from 'vitest/node';
import { bundleForChild } from '../electron/test/bundleForChild.ts';

declare module 'vitest' {
  interface ProvidedContext {
    analysisWorker: string;
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => void> {
  const { file, remove } = await bundleForChild('electron/workers/analysisWorker.ts');
  provide('analysisWorker', file);
  return remove;
}
