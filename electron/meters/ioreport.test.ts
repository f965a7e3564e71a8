import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { ioreportMeter } from './ioreport.ts';
import { rejectionOf, take } from '../test/testMeters.ts';

const source = fileURLToPath(new URL('../../build/native/standInIoReport.c', import.meta.url));
const noCompiler = spawnSync('gcc', ['--version']).status !== 0;

describe.skipIf(noCompiler)('IOReport, against a stand-in library compiled here', () => {
  let worker: Bundled;
  beforeAll(async () => {
    worker = await bundleForChild('electron/meters/ioreportWorker.ts');
  });
  afterAll(() => worker.remove());

  function standIn(...flags: string[]): { library: string; log: () => string[] } {
    const folder = temporaryFolder();
    const library = path.join(folder, 'libStandIn.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', ...flags, '-o', library, source]);
    process.env['STAND_IN_LOG'] = path.join(folder, 'log');
    return {
      library,
      log: () => readFileSync(path.join(folder, 'log'), 'utf8').trim().split('\n'),
    };
  }
  const meterOf = (library: string, intervalS = 0.01): ReturnType<typeof ioreportMeter> =>
    ioreportMeter({
      worker: worker.file,
      libraries: { ioReport: library, coreFoundation: library },
      intervalS,
    });

  test('each rail in its own unit, dies added, parts of the CPU and the GPU not', async () => {
    const { library } = standIn();
    const samples = await take(meterOf(library), 3);
    for (const { energyJ } of samples) {
      expect(energyJ.cpu).toBeCloseTo(0.15, 12);
      expect(energyJ.gpu).toBeCloseTo(0.002, 12);
      expect(energyJ.ane).toBeCloseTo(0.003, 12);
      expect(energyJ.dram).toBeCloseTo(0.004, 12);
    }
    expect(samples[1]!.startS).toBe(samples[0]!.endS);
  });

  test('the worker tells its own CPU time', async () => {
    const meter = meterOf(standIn().library);
    const stop = new AbortController();
    const found: (number | undefined)[] = [];
    for await (const sample of meter.samples(stop.signal)) {
      expect(sample).not.toHaveProperty('cpuS');
      found.push(await meter.cpuS!());
      if (found.length === 2) stop.abort();
    }
    expect(found[0]).toBeGreaterThan(0);
    expect(found[1]).toBeGreaterThanOrEqual(found[0]!);
  });

  test('a mark takes a reading at once', async () => {
    const { library } = standIn();
    const meter = meterOf(library, 1000);
    const stop = new AbortController();
    const found: EnergySample[] = [];
    const marked = meter.samples(stop.signal);
    void meter.mark!();
    for await (const sample of marked) {
      found.push(sample);
      stop.abort();
    }
    expect(found).toHaveLength(1);
  });

  test('the calls come in their order, and everything created is released', () => {
    const { library, log } = standIn();
    const { status } = spawnSync(process.execPath, [worker.file, library, library, '1000'], {
      input: 'mark\nmark\nmark\n',
    });
    expect(status).toBe(0);
    expect(log()).toEqual([
      'channels',
      'subscription',
      'samples',
      ...['samples', 'delta', 'samples', 'delta', 'samples', 'delta'],
      'live 0',
    ]);
  });

  test('a function that is not there is told by its name', async () => {
    const { library } = standIn('-DWITHOUT_DELTA');
    const error = await rejectionOf(take(meterOf(library), 1));
    expect(error).toMatchObject({ kind: 'meter-missing' });
    expect(error.message).toContain('IOReportCreateSamplesDelta');
  });

  test('no library', async () => {
    const error = await rejectionOf(take(meterOf('/nowhere/libIOReport.so'), 1));
    expect(error).toMatchObject({ kind: 'meter-missing' });
    expect(error.message).toContain('/nowhere/libIOReport.so');
  });
});
