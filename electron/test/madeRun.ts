/** Made-up runs and trials, for tests. */
import type { Run } from '#core/run';
import { makePlan } from '#core/sweep';
import type { Trial } from '#core/trial';

export function madeRun(changes: Partial<Run> = {}): Run {
  return {
    id: 'run-20260102-abc123',
    name: 'A run',
    note: '',
    state: 'running',
    startedAt: '2026-01-02T03:04:05.000Z',
    plan: makePlan('quick', { seed: 7 }),
    engine: {
      kind: 'embedded',
      name: 'llama.cpp b6100, embedded',
      version: 'b6100',
      model: {
        id: 'tiny',
        name: 'Tiny',
        quantisation: 'F16',
        synthetic: true,
      },
      kvCache: true,
      batch: 1,
      device: 'Metal',
    },
    meter: {
      kind: 'ioreport',
      name: 'IOReport',
      rails: ['cpu', 'gpu'],
      boundary: 'gpu+cpu',
      estimate: false,
      counters: true,
    },
    environment: {
      chip: 'Apple M1 Pro',
      cores: 10,
      memoryBytes: 32 * 2 ** 30,
      os: 'macOS 15.1',
      arch: 'arm64',
      crossover: '0.1.0',
      node: '20.20.2',
    },
    ...changes,
  };
}

export function madeTrial(changes: Partial<Trial> = {}): Trial {
  const { index = 0 } = changes;
  return {
    index,
    m: 8,
    n: 32,
    repeats: 1,
    startS: index * 2,
    endS: index * 2 + 1,
    runtimeS: 1,
    firstTokenS: 0.25,
    energyJ: { cpu: 2, gpu: 8 },
    coverage: 1,
    flags: [],
    ...changes,
  };
}
