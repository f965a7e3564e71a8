import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PowerLog } from '../importers/profiles/importFormat.ts';
import { nvidiaSmiLog } from '../importers/profiles/power/nvidiaSmiLog.ts';
import { traceLog } from '../importers/profiles/power/traceLog.ts';
import { openSource } from '../importers/profiles/source.ts';
import { nvidiaSmiReader, smiColumnsIn } from '../meters/formats/nvidiaSmi.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { LabError } from '#core/errors';
import { openPowerLog } from './powerLogs.ts';

const { signal } = new AbortController();
const sourceOf = (content: string | Buffer, stop = signal) => {
  const file = path.join(temporaryFolder(), 'log');
  writeFileSync(file, content);
  return openSource(file, { signal: stop, progress: () => {} });
};
const logOf = async (content: string | Buffer): Promise<PowerLog> => {
  const log = await openPowerLog(await sourceOf(content));
  expect(log).toBeDefined();
  return log!;
};

/** The LabError with which some work fails. */
const failureOf = (work: Promise<unknown>): Promise<LabError> =>
  work.then(
    (value) => Promise.reject(new Error(`nothing was thrown, but ${String(value)} came`)),
    (thrown: unknown) => (thrown instanceof LabError ? thrown : Promise.reject(thrown)),
  );

const stamp = (ms: number): string =>
  new Date(Date.UTC(2024, 3, 2, 23, 59, 58) + ms)
    .toISOString()
    .replaceAll('-', '/')
    .replace('T', ' ')
    .slice(0, 23);

/** A log of nvidia-smi with what goes wrong in one: gaps, times that run back, no power, other lines, a cut end. */
const smiText = fc
  .record({
    gpus: fc.integer({ min: 1, max: 3 }),
    indexed: fc.boolean(),
    header: fc.boolean(),
    crlf: fc.boolean(),
    rounds: fc.array(
      fc.record({
        stepMs: fc.oneof(
          { weight: 20, arbitrary: fc.integer({ min: 90, max: 130 }) },
          { weight: 1, arbitrary: fc.integer({ min: 2000, max: 9000 }) },
          { weight: 1, arbitrary: fc.integer({ min: -300, max: 0 }) },
        ),
        watts: fc.array(fc.integer({ min: 2000, max: 70_000 }), { minLength: 3, maxLength: 3 }),
        odd: fc.oneof(
          { weight: 20, arbitrary: fc.constant('') },
          { weight: 1, arbitrary: fc.constantFrom('[N/A]', 'line') },
        ),
      }),
      { minLength: 2, maxLength: 120 },
    ),
    cut: fc.option(fc.integer({ min: 1, max: 60 }), { nil: 0 }),
  })
  .map(({ gpus, indexed, header, crlf, rounds, cut }) => {
    const names = ['timestamp', ...(indexed ? ['index'] : []), 'power.draw [W]', 'utilization.gpu [%]'];
    const lines = header || indexed ? [names.join(', ')] : [];
    let nowMs = 0;
    for (const { stepMs, watts, odd } of rounds) {
      nowMs += stepMs;
      for (let gpu = 0; gpu < gpus; gpu++) {
        const power = odd === '[N/A]' ? odd : `${(watts[gpu]! / 100).toFixed(2)} W`;
        lines.push([stamp(nowMs + gpu), ...(indexed ? [`${gpu}`] : []), power, `${gpu} %`].join(', '));
      }
      if (odd === 'line') lines.push('Unable to determine the device handle');
    }
    const text = `${lines.join(crlf ? '\r\n' : '\n')}${crlf ? '\r\n' : '\n'}`;
    return cut === 0 ? text : text.slice(0, -cut);
  });

describe('a large log of nvidia-smi', () => {
  test('gives what the meters’ own reader gives', async () => {
    const form = { id: 'nvidia-smi-csv', name: 'nvidia-smi, CSV', reader: nvidiaSmiReader };
    await fc.assert(
      fc.asyncProperty(smiText, async (text) => {
        const source = await sourceOf(text);
        const streamed = await traceLog(source, form, (rails) => [...rails]).catch(kindOf);
        const large = await nvidiaSmiLog(source, smiColumnsIn(source.head.text)).catch(kindOf);
        if (typeof streamed === 'string' || typeof large === 'string') {
          expect(large).toBe(streamed);
          return;
        }
        const { rails: largeRails, ...largeReport } = large.report;
        const { rails, ...report } = streamed.report;
        expect(largeReport.samples).toBe(report.samples);
        expect(largeReport.warnings.map(({ kind }) => kind).sort()).toEqual(
          report.warnings.map(({ kind }) => kind).sort(),
        );
        expect(large.originS).toBe(streamed.originS);
        expectSame(largeRails.gpu!.energyJ!, rails.gpu!.energyJ!);
        const { startS, endS } = streamed.span;
        const spans = [0, 0.1, 0.37, 0.6].map((part) => ({
          startS: startS + part * (endS - startS),
          endS: startS + (part + 0.35) * (endS - startS),
        }));
        const expected = await streamed.integrate(spans, signal);
        (await large.integrate(spans, signal)).forEach(({ energyJ, coverage }, i) => {
          expectSame(energyJ.gpu ?? 0, expected[i]!.energyJ.gpu ?? 0);
          expect(coverage).toBeCloseTo(expected[i]!.coverage, 9);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('is read again where it does not fit into memory', async () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `${stamp(i * 100)}, ${100 + (i % 7)}.50 W`);
    const source = await sourceOf(`timestamp, power.draw [W]\n${lines.join('\n')}\n`);
    const columns = smiColumnsIn(source.head.text);
    const held = await nvidiaSmiLog(source, columns);
    const notHeld = await nvidiaSmiLog(source, columns, 10_000);
    const span = [{ startS: held.span.startS + 12.34, endS: held.span.startS + 700.01 }];
    const [expected] = await held.integrate(span, signal);
    const [found] = await notHeld.integrate(span, signal);
    expectSame(found!.energyJ.gpu!, expected!.energyJ.gpu!);
    expect(found!.samples).toBe(expected!.samples);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const source = await sourceOf(`timestamp, power.draw [W]\n${stamp(0)}, 1.00 W\n`, stop.signal);
    stop.abort();
    expect((await failureOf(nvidiaSmiLog(source, { time: 0, power: 1 }))).kind).toBe('interrupted');
  });
});

/** The kind of a LabError; anything else fails the test. */
const kindOf = (thrown: unknown): string => {
  if (thrown instanceof LabError) return thrown.kind;
  throw thrown;
};
/** The same to 1e-9, apart from what a time of day is rounded to, which matters in readings 1 ms apart. */
const expectSame = (found: number, expected: number): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + MOST_W * 5e-11);
const MOST_W = 2100;

describe('power logs', () => {
  const smi = `timestamp, power.draw [W]\n${[0, 100, 200, 300].map((ms) => `${stamp(ms)}, 100.00 W`).join('\n')}\n`;

  test('know their clock', async () => {
    const log = await logOf(smi);
    expect(log.clock.kind).toBe('local');
    expect(log.originS).toBe(Date.UTC(2024, 3, 2) / 1000);
    expect(log.span.endS).toBeCloseTo(86_398.3, 9);
    expect(log.rails).toEqual(['gpu']);
  });

  test('are read in UTF-16 too, as PowerShell writes it', async () => {
    const log = await logOf(Buffer.from(`\uFEFF${smi.replaceAll('\n', '\r\n')}`, 'utf16le'));
    expect(log.report.samples).toBe(4);
    expect((await log.integrate([log.span], signal))[0]!.energyJ.gpu).toBeCloseTo(40, 6);
  });

  test('have steps of mean power', async () => {
    const log = await logOf(smi);
    const steps = await log.series(2, log.span, signal);
    expect(steps.map(({ energyJ }) => energyJ.gpu!)).toEqual([expect.closeTo(20, 6), expect.closeTo(20, 6)]);
  });

  test('of one reading alone have no energy', async () => {
    const error = await failureOf(
      openPowerLog(await sourceOf(`${smi.split('\n').slice(0, 2).join('\n')}\n`)),
    );
    expect(error).toMatchObject({ kind: 'bad-trace' });
    expect(error.message).toContain('one reading alone');
  });

  test('are told from other files', async () => {
    expect(await openPowerLog(await sourceOf('m,n,energy_j\n8,32,1.5\n'))).toBeUndefined();
    expect(await openPowerLog(await sourceOf(Buffer.from([0x50, 0x4b, 3, 4, 0, 0])))).toBeUndefined();
  });

  test('of AMD uProf have the date of their profile', async () => {
    const log = await logOf(
      [
        'AMDPROFILER POWER PROFILE REPORT',
        'Sampling Interval:,100 milli-seconds',
        'Profile Start Time:,Apr-02-2024_07-36-21,',
        'PROFILE RECORDS',
        'RecordId,Timestamp,socket0-package-power,core0-power,',
        '1,7:36:22:000,170.0,3.0,',
        '2,7:36:22:100,180.0,4.0,',
        '3,7:36:22:200,190.0,5.0,',
      ].join('\n'),
    );
    expect(log.originS + log.span.endS).toBeCloseTo(Date.UTC(2024, 3, 2, 7, 36, 22, 200) / 1000, 6);
    // The cores are part of the package.
    expect(log.rails).toEqual(['package']);
    expect((await log.integrate([log.span], signal))[0]!.energyJ).toEqual({ package: expect.closeTo(54, 9) });
  });
});

describe('GPU telemetry of AIPerf', () => {
  const line = (gpu: number, ms: number, data: object): string =>
    JSON.stringify({
      timestamp_ns: 1_759_813_207_000_000_000 + ms * 1_000_000,
      dcgm_url: 'http://localhost:9401/metrics',
      gpu_index: gpu,
      gpu_uuid: `GPU-${gpu}`,
      gpu_model_name: 'NVIDIA H100 80GB HBM3',
      telemetry_data: data,
    });
  const lines = (count: number, data: (gpu: number, i: number) => object): string =>
    Array.from({ length: count }, (_, i) => [line(0, i * 333, data(0, i)), line(1, i * 333 + 1, data(1, i))])
      .flat()
      .join('\n');

  test('counts by its counters, of all GPUs together', async () => {
    // 100 J and 50 J between two readings, in MJ.
    const log = await logOf(
      lines(4, (gpu, i) => ({
        gpu_power_usage: 1,
        energy_consumption: 3 + (gpu === 0 ? 100e-6 : 50e-6) * i,
      })),
    );
    expect(log.clock.kind).toBe('utc');
    expect(log.report.samples).toBe(3);
    expect((await log.integrate([log.span], signal))[0]!.energyJ.gpu).toBeCloseTo(450, 6);
  });

  test('takes the power where a counter is missing or starts anew', async () => {
    const log = await logOf(lines(3, (gpu) => ({ gpu_power_usage: gpu === 0 ? 200 : 100 })));
    expect((await log.integrate([log.span], signal))[0]!.energyJ.gpu).toBeCloseTo(300 * 0.666, 3);
    const reset = await logOf(lines(3, (_, i) => ({ gpu_power_usage: 150, energy_consumption: 3 - i })));
    expect((await reset.integrate([reset.span], signal))[0]!.energyJ.gpu).toBeCloseTo(300 * 0.666, 3);
  });

  test('leaves out lines that are none', async () => {
    const whole = lines(3, () => ({ gpu_power_usage: 150 }));
    const log = await logOf(`${whole.replace('\n', '\nnot JSON\n')}\n{"timestamp_ns": 17598132`);
    expect(log.report.warnings.map(({ kind }) => kind)).toEqual(['unread-lines', 'cut-line']);
    expect(log.report.samples).toBe(2);
  });
});
