import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LabError } from '#core/errors';
import { energyIn, type EnergySample } from '#core/meter';
import { bundleForChild } from '../test/bundleForChild.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import { chooseMeter } from './choose.ts';
import { estimateMeter } from './estimate.ts';
import { MACMON, NVIDIA_INDEXED, RAPL_LOG } from './fixtures/logs.ts';
import { raplMeter } from './rapl.ts';
import { replayMeter } from './replay.ts';
import { rejectionOf, take } from '../test/testMeters.ts';

function fileOf(content: string): string {
  const file = path.join(temporaryFolder(), 'power.log');
  writeFileSync(file, content);
  return file;
}

const powerOf = ({ startS, endS, energyJ }: EnergySample): number => energyJ.gpu! / (endS - startS);

describe('replay', () => {
  test('plays a log in real time and again from its start', async () => {
    const samples = await take(replayMeter(fileOf(NVIDIA_INDEXED)), 5);
    for (const sample of samples) expect(powerOf(sample)).toBeCloseTo(150, 6);
    samples.slice(1).forEach(({ startS }, i) => expect(startS).toBeCloseTo(samples[i]!.endS, 9));
    const window = { startS: samples[0]!.startS + 0.05, endS: samples[4]!.endS - 0.05 };
    expect(energyIn(samples, window).energyJ.gpu).toBeCloseTo(150 * (window.endS - window.startS), 6);
  });

  test('or once, without waiting', async () => {
    const meter = replayMeter(fileOf(NVIDIA_INDEXED), { repeat: false, speed: Infinity });
    const samples = await take(meter, 100);
    expect(samples).toHaveLength(3);
    expect(samples.reduce((total, { energyJ }) => total + energyJ.gpu!, 0)).toBeCloseTo(45, 6);
    expect(meter.info).toMatchObject({ kind: 'replay', name: 'replay of power.log', estimate: false });
  });

  test('faster, at the same power', async () => {
    const [sample] = await take(replayMeter(fileOf(NVIDIA_INDEXED), { speed: 50 }), 1);
    expect(powerOf(sample!)).toBeCloseTo(150, 3);
    expect(sample!.endS - sample!.startS).toBeCloseTo(0.1 / 50, 6);
  });

  test('a mark cuts the sample that is playing', async () => {
    const meter = replayMeter(fileOf(MACMON));
    const stop = new AbortController();
    const samples = meter.samples(stop.signal)[Symbol.asyncIterator]();
    const first = samples.next();
    const marks = setInterval(() => void meter.mark!(), 5);
    const { value } = await first;
    clearInterval(marks);
    stop.abort();
    const { startS, endS, energyJ } = value as EnergySample;
    expect(endS - startS).toBeLessThan(1);
    expect(energyJ.cpu! / (endS - startS)).toBeCloseTo(2, 6);
  });

  test('rails that hold others are not counted beside them', () => {
    expect(replayMeter(fileOf(MACMON)).info).toMatchObject({
      rails: ['cpu', 'gpu', 'ane', 'dram'],
      boundary: 'soc',
    });
    expect(replayMeter(fileOf(RAPL_LOG)).info.rails).toEqual(['package']);
  });
});

test('an estimate is the stated power times the time, and says so', async () => {
  const meter = estimateMeter(15);
  const samples = await take(meter, 3);
  for (const { startS, endS, energyJ } of samples)
    expect(energyJ.machine! / (endS - startS)).toBeCloseTo(15, 9);
  expect(meter.info).toMatchObject({ kind: 'estimate', name: 'estimate, 15 W', estimate: true });
});

describe('RAPL', () => {
  function counters(zones: Record<string, [name: string, energyUj: number]>): {
    folder: string;
    set: (zone: string, energyUj: number) => void;
  } {
    const folder = temporaryFolder();
    const set = (zone: string, energyUj: number): void =>
      writeFileSync(path.join(folder, zone, 'energy_uj'), `${energyUj}\n`);
    for (const [zone, [name, energyUj]] of Object.entries(zones)) {
      mkdirSync(path.join(folder, zone));
      writeFileSync(path.join(folder, zone, 'name'), `${name}\n`);
      writeFileSync(path.join(folder, zone, 'max_energy_range_uj'), '1000000000\n');
      set(zone, energyUj);
    }
    return { folder, set };
  }

  test('two sockets are one package; a counter may start anew; a mark reads at once', async () => {
    const { folder, set } = counters({
      'intel-rapl:0': ['package-0', 990_000_000],
      'intel-rapl:1': ['package-1', 0],
      'intel-rapl:0:0': ['core', 5],
      'intel-rapl:0:1': ['dram', 0],
    });
    const meter = raplMeter({ folder, intervalS: 1000 });
    expect(meter.info).toMatchObject({ rails: ['dram', 'package'], counters: true });
    const stop = new AbortController();
    const samples = meter.samples(stop.signal)[Symbol.asyncIterator]();
    set('intel-rapl:0', 20_000_000);
    set('intel-rapl:1', 5_000_000);
    set('intel-rapl:0:1', 1_000_000);
    await meter.mark!();
    const { value } = await samples.next();
    stop.abort();
    expect((value as EnergySample).energyJ).toEqual({ package: 35, dram: 1 });
  });

  test('counters that only root may read, as another user', async () => {
    const { folder } = counters({ 'intel-rapl:0': ['package-0', 5] });
    chmodSync(path.join(folder, 'intel-rapl:0', 'energy_uj'), 0o400);
    const bundled = await bundleForChild('electron/meters/rapl.ts');
    onTestFinished(bundled.remove);
    // Root reads whatever its mode, so the reading is done by nobody; others are refused as they are.
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) chmodSync(path.join(folder, 'intel-rapl:0', 'energy_uj'), 0o000);
    for (const readable of [folder, path.join(folder, 'intel-rapl:0')]) chmodSync(readable, 0o755);
    const module = path.join(folder, 'rapl.mjs');
    copyFileSync(bundled.file, module);
    const script = `import { raplMeter } from ${JSON.stringify(pathToFileURL(module).href)};
      try { raplMeter({ folder: ${JSON.stringify(folder)} }); }
      catch ({ kind, message, hint }) { process.stdout.write(JSON.stringify({ kind, message, hint })); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: folder,
      ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      kind: 'meter-permission',
      message: 'The RAPL counters are readable by root only.',
      hint: 'Allow it until the next start with: sudo chmod -R a+r /sys/class/powercap/intel-rapl:*',
    });
  });

  test('no counters here', () => {
    expect(labErrorOf(() => raplMeter({ folder: '/nowhere' })).kind).toBe('meter-missing');
    expect(labErrorOf(() => raplMeter({ folder: temporaryFolder() })).kind).toBe('meter-missing');
  });
});

describe('the choice of a meter', () => {
  const lost = (kind: 'meter-missing' | 'meter-permission', why: string) => () =>
    Promise.reject(new LabError(kind, why));
  const works = () => Promise.resolve(estimateMeter(1));

  test('auto takes the first that works and says why the others do not', async () => {
    const { meter, tried } = await chooseMeter('auto', {
      makers: [
        ['ioreport', lost('meter-missing', 'No library.')],
        ['powermetrics', lost('meter-permission', 'No rights.')],
        ['rapl', works],
        ['nvidia-smi', () => Promise.reject(new Error('never asked'))],
      ],
    });
    expect(meter.info.name).toBe('estimate, 1 W');
    expect(tried).toEqual([
      { kind: 'ioreport', why: 'No library.' },
      { kind: 'powermetrics', why: 'No rights.' },
    ]);
  });

  test('nothing works: all reasons, and what to do; never an estimate by itself', async () => {
    const makers = [['rapl', lost('meter-missing', 'No counters.')]] as const;
    const error = await rejectionOf(chooseMeter('auto', { makers }));
    expect(error).toMatchObject({ kind: 'meter-missing' });
    expect(error.message).toContain('rapl: No counters.');
    expect(error.hint).toContain('estimate:WATTS');
  });

  test('a replay and an estimate by name', async () => {
    expect((await chooseMeter('estimate:12.5')).meter.info.name).toBe('estimate, 12.5 W');
    expect((await chooseMeter(`replay:${fileOf(MACMON)}`)).meter.info.kind).toBe('replay');
  });

  test.each([
    ['estimate', 'bad-setting'],
    ['estimate:many', 'bad-setting'],
    ['estimate:0', 'bad-setting'],
    ['estimate:-3', 'bad-setting'],
    ['replay:', 'bad-setting'],
    ['replay:/nowhere/log', 'file-not-readable'],
    ['sundial', 'bad-setting'],
    ['auto:3', 'bad-setting'],
  ])('%s', async (asked, kind) => {
    expect((await rejectionOf(chooseMeter(asked))).kind).toBe(kind);
  });

  test('a replay of what is no power log', async () => {
    expect((await rejectionOf(chooseMeter(`replay:${fileOf('no log')}`))).kind).toBe('bad-trace');
  });
});
