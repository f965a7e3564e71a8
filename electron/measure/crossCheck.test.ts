import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { monotonicS } from '../clock.ts';
import type { Engine } from '../engines/engine.ts';
import { ioreportMeter } from '../meters/ioreport.ts';
import { macmonMeter } from '../meters/macmon.ts';
import type { Meter } from '../meters/meter.ts';
import { pause } from '../meters/pause.ts';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { standInProgram } from '../test/testMeters.ts';
import { crossCheck, crossCheckEvent } from './crossCheck.ts';

const source = fileURLToPath(new URL('../../build/native/standInIoReport.c', import.meta.url));
const noCompiler = spawnSync('gcc', ['--version']).status !== 0;
const never = new AbortController().signal;

/** An engine whose queries take 0.1 s. */
function engineOf(query?: Engine['query']): { engine: Engine; queries: () => number } {
  let queries = 0;
  const engine: Engine = {
    info: {
      kind: 'embedded',
      name: 'stand-in engine',
      version: '1',
      model: { id: 'x', name: 'X', quantisation: 'F16', synthetic: true },
      kvCache: true,
      batch: 1,
      device: 'none',
    },
    pids: [],
    query: async (m, n, options) => {
      queries += 1;
      if (query !== undefined) return query(m, n, options);
      const startS = monotonicS();
      await pause(0.1, options.signal);
      const endS = monotonicS();
      return { startS, firstTokenS: endS, endS, inputTokens: m, outputTokens: n, cachedTokens: 0 };
    },
    close: () => Promise.resolve(),
  };
  return { engine, queries: () => queries };
}

/** macmon as it prints: W by rail, and of the whole machine. */
const macmonOf = (watts: Record<string, number>): Meter =>
  macmonMeter({
    everything: true,
    command: standInProgram(
      `for (;;) { await say(JSON.stringify(${JSON.stringify(watts)}) + '\\n'); await wait(100); }`,
    ),
  });

describe.skipIf(noCompiler)('IOReport beside macmon, as processes', () => {
  let worker: Bundled;
  beforeAll(async () => {
    worker = await bundleForChild('electron/meters/ioreportWorker.ts');
  });
  afterAll(() => worker.remove());

  /** CPU 1.5 W, GPU 0.02 W, ANE 0.03 W, DRAM 0.04 W, evenly. */
  function ioreport(): Meter {
    const library = path.join(temporaryFolder(), 'libStandIn.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source]);
    process.env['STAND_IN_TIMED'] = '1';
    onTestFinished(() => void delete process.env['STAND_IN_TIMED']);
    return ioreportMeter({
      worker: worker.file,
      libraries: { ioReport: library, coreFoundation: library },
      intervalS: 0.05,
    });
  }

  test('agree rail by rail, with the machine above its parts', async () => {
    const { engine, queries } = engineOf();
    const other = macmonOf({ cpu_power: 1.5, gpu_power: 0.02, ram_power: 0.04, sys_power: 8 });
    const check = (await crossCheck({ own: ioreport(), other, engine, clock: monotonicS, signal: never }))!;
    expect(check).toMatchObject({ with: 'macmon', agrees: true, machine: { agrees: true } });
    expect(check.rails.map(({ rail }) => rail)).toEqual(['cpu', 'gpu', 'dram']);
    expect(check.lengthS).toBeGreaterThan(1);
    expect(check.rails[0]!.energyJ / check.lengthS).toBeCloseTo(1.5, 1);
    expect(queries()).toBeGreaterThan(3);
    const event = crossCheckEvent(check, 3);
    expect(event).toMatchObject({ atS: 3, kind: 'cross-check', crossCheck: check });
    expect(event.message).toMatch(/^Compared with macmon over \d.*: CPU 1(\.\d+)? ×, /);
  });

  test('disagree where one counts twice as much', async () => {
    const { engine } = engineOf();
    const other = macmonOf({ cpu_power: 3, sys_power: 1 });
    const check = (await crossCheck({ own: ioreport(), other, engine, clock: monotonicS, signal: never }))!;
    expect(check).toMatchObject({ agrees: false, machine: { agrees: false } });
    expect(crossCheckEvent(check, 0).message).toContain('They do not agree');
  });
});

describe('what goes wrong in a comparison costs the comparison alone', () => {
  const even: Meter = {
    info: {
      kind: 'ioreport',
      name: 'even',
      rails: ['cpu'],
      boundary: 'soc',
      estimate: false,
      counters: true,
    },
    async *samples(signal) {
      let startS = monotonicS();
      while (await pause(0.02, signal)) {
        const endS = monotonicS();
        yield { startS, endS, energyJ: { cpu: 2 * (endS - startS) } } satisfies EnergySample;
        startS = endS;
      }
    },
  };
  const failing: Meter = {
    ...even,
    // eslint-disable-next-line require-yield
    async *samples() {
      throw new LabError('meter-lost', 'It is gone.');
    },
  };
  const compare = (own: Meter, other: Meter, engine = engineOf().engine, signal = never) =>
    crossCheck({ own, other, engine, clock: monotonicS, signal });

  test('a meter that fails', async () => {
    expect(await compare(even, failing)).toBeUndefined();
    expect(await compare(failing, even)).toBeUndefined();
  });

  test('an engine that fails', async () => {
    const { engine } = engineOf(() => Promise.reject(new LabError('engine-failed', 'It died.')));
    expect(await compare(even, even, engine)).toBeUndefined();
  });

  test('a run that is stopped meanwhile', async () => {
    const stop = new AbortController();
    const { engine } = engineOf(() => {
      stop.abort();
      return Promise.reject(new LabError('interrupted', 'Stopped.'));
    });
    expect(await compare(even, even, engine, stop.signal)).toBeUndefined();
    expect(await compare(even, even, engine, stop.signal)).toBeUndefined();
  });
});
