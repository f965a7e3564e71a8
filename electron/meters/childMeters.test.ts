import { describe, expect, test } from 'vitest';
import { plistStream } from './fixtures/powermetrics.ts';
import { macmonMeter } from './macmon.ts';
import { nvidiaSmiMeter } from './nvidiaSmi.ts';
import {
  powermetricsArgs,
  powermetricsMeter,
  SAMPLERS_WITHOUT_ANE,
  UNKNOWN_SAMPLER,
} from './powermetrics.ts';
import { standInProgram, take, takeAll } from '../test/testMeters.ts';

const LINE = (power: number): string =>
  JSON.stringify({
    cpu_power: power,
    gpu_power: 1,
    ane_power: 0,
    ram_power: 0.5,
    all_power: power + 1,
    sys_power: 20,
    timestamp: '2026-01-01T00:00:00.000000+00:00',
  });
const macmon = (script: string, options = {}): ReturnType<typeof macmonMeter> =>
  macmonMeter({ command: standInProgram(script), ...options });
const forever = `for (;;) { await say(${JSON.stringify(`${LINE(5)}\n`)}); await wait(20); }`;

describe('a meter that is a process', () => {
  test('gives its parts, never their sum, and ends with the iteration', async () => {
    const [sample] = await take(macmon(forever), 3);
    expect(Object.keys(sample!.energyJ).sort()).toEqual(['ane', 'cpu', 'dram', 'gpu']);
    expect(sample!.energyJ.cpu! / (sample!.endS - sample!.startS)).toBeCloseTo(5, 9);
  });

  test('or the whole machine', async () => {
    const [sample] = await take(macmon(forever, { machine: true }), 1);
    expect(Object.keys(sample!.energyJ)).toEqual(['machine']);
  });

  test('samples follow one another and do not overlap', async () => {
    const samples = await take(macmon(forever), 10);
    samples.slice(1).forEach(({ startS }, i) => expect(startS).toBeGreaterThanOrEqual(samples[i]!.endS));
  });

  test('one that dies keeps its samples and says what it said', async () => {
    const script = `await say(${JSON.stringify(`${LINE(5)}\n${LINE(6)}\n`)}); process.stderr.write('no sensor'); process.exitCode = 3;`;
    const { samples, error } = await takeAll(macmon(script));
    expect(samples).toHaveLength(2);
    expect(error).toMatchObject({ kind: 'meter-lost' });
    expect(error.message).toBe(
      'macmon ended by itself (exit code 3): no sensor. The samples before are kept.',
    );
  });

  test('one that hangs is lost after its patience', async () => {
    const script = `await say(${JSON.stringify(`${LINE(5)}\n`)}); setInterval(() => {}, 1000);`;
    const { samples, error } = await takeAll(macmon(script, { patienceS: 4 }));
    expect(samples).toHaveLength(1);
    expect(error).toMatchObject({ kind: 'meter-lost' });
    expect(error.message).toContain('gave no sample for 4 s');
  });

  test('one that prints garbage', async () => {
    const { error } = await takeAll(macmon(`await say('hello\\n'); setInterval(() => {}, 1000);`));
    expect(error.message).toContain('no power reading');
  });

  test('one that stalls for 3 s leaves a gap and goes on', async () => {
    const script = `for (let i = 0; ; i++) { await say(${JSON.stringify(`${LINE(5)}\n`)}); await wait(i === 2 ? 3000 : 50); }`;
    const samples = await take(macmon(script), 6);
    const gaps = samples.slice(1).map(({ startS }, i) => startS - samples[i]!.endS);
    expect(gaps.filter((gap) => gap > 2)).toHaveLength(1);
  });

  test('one that starts late is waited for', async () => {
    expect(await take(macmon(`await wait(600); ${forever}`), 2)).toHaveLength(2);
  });

  test('one that is not there', async () => {
    const { error } = await takeAll(macmonMeter({ command: { file: '/nowhere/macmon', args: [] } }));
    expect(error).toMatchObject({ kind: 'meter-missing' });
  });
});

describe('powermetrics', () => {
  const replay = (stream: string): string =>
    `const text = ${JSON.stringify(stream)};
     for (let at = 0; at < text.length; at += 700) { await say(text.slice(at, at + 700)); await wait(1); }`;

  test('samples and the share of the processes, from a stream cut anywhere', async () => {
    const command = standInProgram(
      replay(plistStream(4, { cpuMw: 5000, impact: { 7: 30, 8: 10 }, all: 80 })),
    );
    const { samples, error } = await takeAll(powermetricsMeter({ command, pids: [7, 8] }));
    expect(error.kind).toBe('meter-lost');
    expect(samples).toHaveLength(4);
    for (const { energyJ, cpuShare } of samples) {
      expect(energyJ.cpu).toBeCloseTo(5 * 0.208, 9);
      expect(energyJ.gpu).toBeCloseTo(0.2, 9);
      expect(cpuShare).toBeCloseTo(0.5, 9);
    }
  });

  test('a busy CPU at 0 mW is refused with the reason', async () => {
    const command = standInProgram(replay(plistStream(30, { cpuMw: 0, all: 80 })));
    const { samples, error } = await takeAll(powermetricsMeter({ command }));
    expect(error.message).toContain('0 mW while it is busy');
    expect(samples.length).toBeLessThan(30);
  });

  test('a chip that publishes every 2 s shows 0 mW in between, and is not refused', async () => {
    const one = (cpuMw: number): string => plistStream(1, { cpuMw, all: 80 });
    const round = [...Array.from({ length: 10 }, () => one(0)), one(55_000)];
    const command = standInProgram(replay([...round, ...round, ...round].join('\0')));
    const { samples, error } = await takeAll(powermetricsMeter({ command }));
    expect(samples).toHaveLength(33);
    expect(error.message).toContain('ended by itself');
    expect(samples.reduce((total, { energyJ }) => total + energyJ.cpu!, 0)).toBeCloseTo(3 * 55 * 0.208, 6);
  });

  test('a macOS without a sampler of the ANE’s own is asked again without it', async () => {
    const command = standInProgram(
      `process.stderr.write('powermetrics: unrecognized sampler: ane_power\\n'); process.exitCode = 1;`,
    );
    const { error } = await takeAll(powermetricsMeter({ command }));
    expect(error).toMatchObject({ kind: 'meter-missing' });
    expect(error.message).toMatch(UNKNOWN_SAMPLER);
    expect(powermetricsArgs(SAMPLERS_WITHOUT_ANE).join(' ')).toBe(
      '-f plist -i 200 -b 0 --samplers cpu_power,gpu_power,thermal,tasks --show-process-energy',
    );
  });

  test('without rights it says which command to allow', async () => {
    const command = standInProgram(
      `process.stderr.write('sudo: a password is required'); process.exitCode = 1;`,
    );
    const { error } = await takeAll(powermetricsMeter({ command }));
    expect(error).toMatchObject({ kind: 'meter-permission' });
    expect(error.hint).toContain('type "sudo -v"');
    expect(error.hint).toContain('the same command again');
  });
});

test('nvidia-smi: a GPU that tells no instant power is read by its mean', async () => {
  const script = `await say('timestamp, index, power.draw.instant [W], power.draw [W]\\n');
    for (let i = 0; i < 10; i++) {
      await say('2026/01/01 10:00:0' + i + '.000, 0, [N/A], 30.00 W\\n');
      await wait(20);
    }
    setInterval(() => {}, 1000);`;
  const { file, args } = standInProgram(script);
  const samples = await take(nvidiaSmiMeter({ file, args }), 5);
  expect(samples.reduce((total, { energyJ }) => total + energyJ.gpu!, 0)).toBeCloseTo(5 * 30, 6);
});

test('nvidia-smi: all GPUs together, by their own stamps', async () => {
  const script = `await say('timestamp, index, power.draw.instant [W], power.draw [W]\\n');
    for (let i = 0; i < 12; i++) {
      const stamp = '2026/01/01 10:00:0' + Math.floor(i / 10) + '.' + String((i % 10) * 100).padStart(3, '0');
      await say(stamp + ', 0, 100.00 W, 1.00 W\\n' + stamp + ', 1, 50.00 W, 1.00 W\\n');
      await wait(20);
    }
    setInterval(() => {}, 1000);`;
  const { file, args } = standInProgram(script);
  const samples = await take(nvidiaSmiMeter({ file, args }), 10);
  const energyJ = samples.reduce((total, sample) => total + sample.energyJ.gpu!, 0);
  expect(energyJ).toBeCloseTo(10 * 0.1 * 150, 6);
});
