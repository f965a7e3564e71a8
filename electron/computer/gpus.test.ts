import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { gpusIn, nvidiaGpus } from './gpus.ts';

test('names, memory and driver, one GPU a line', () => {
  expect(
    gpusIn('NVIDIA A100-SXM4-80GB, 81920, 535.104.05\nNVIDIA A100-SXM4-80GB, 81920, 535.104.05\n'),
  ).toEqual([
    { name: 'NVIDIA A100-SXM4-80GB', memoryBytes: 81920 * 2 ** 20, driver: '535.104.05' },
    { name: 'NVIDIA A100-SXM4-80GB', memoryBytes: 81920 * 2 ** 20, driver: '535.104.05' },
  ]);
});

test('what a GPU does not tell is absent, and what is no list of GPUs is none', () => {
  expect(gpusIn('NVIDIA GB10, [N/A], 580.1\n')).toEqual([{ name: 'NVIDIA GB10', driver: '580.1' }]);
  expect(gpusIn('No devices were found\n')).toBeUndefined();
  expect(gpusIn('')).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'asked of a real program; one that is not there, or fails, tells of none',
  async () => {
    const program = path.join(temporaryFolder(), 'nvidia-smi');
    writeFileSync(program, '#!/bin/sh\necho "Tesla V100-SXM2-32GB, 32768, 470.1"\n');
    chmodSync(program, 0o755);
    expect(await nvidiaGpus(program)).toEqual([
      { name: 'Tesla V100-SXM2-32GB', memoryBytes: 32 * 2 ** 30, driver: '470.1' },
    ]);
    writeFileSync(program, '#!/bin/sh\necho "NVIDIA-SMI has failed"; exit 9\n');
    expect(await nvidiaGpus(program)).toBeUndefined();
    expect(await nvidiaGpus('/nowhere/nvidia-smi')).toBeUndefined();
  },
);
