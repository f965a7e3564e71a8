import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { standInProgram, take } from '../test/testMeters.ts';
import { countedWork, cpuTimeInListing, cpuTimeInStat, cpuTimeOf } from './cpuTime.ts';
import { macmonMeter } from './macmon.ts';
import type { Meter } from './meter.ts';

const untilUsed = (seconds: number): string =>
  `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
   while (used() < ${seconds}) Math.random();`;

describe('CPU time of a process', () => {
  test('from /proc, whatever the program is called', () => {
    const stat = '42 (a (b) c 1 2) S 1 42 42 0 -1 4194560 9 0 0 0 150 50 20 5 20 0 11 0 1 2 3';
    expect(cpuTimeInStat(stat)).toBeCloseTo(2.25, 9);
    expect(cpuTimeInStat(undefined)).toBeUndefined();
    expect(cpuTimeInStat('nonsense')).toBeUndefined();
  });

  test('from a listing, with everything below it', () => {
    const listing = [
      '    1     0   9:59.99',
      '  500     1   0:00.01',
      '  501   500   1:02.50',
      '  502   501   1:00:00',
      '  503     1 2-00:00:01',
      'not a line',
    ].join('\n');
    expect(cpuTimeInListing(listing, 500)).toBeCloseTo(0.01 + 62.5 + 3600, 9);
    expect(cpuTimeInListing(listing, 503)).toBe(2 * 86_400 + 1);
    expect(cpuTimeInListing(listing, 999)).toBeUndefined();
  });

  test.skipIf(process.platform !== 'linux' && process.platform !== 'darwin')(
    'of a real one is what it says itself',
    async () => {
      const script = `${untilUsed(0.3)} process.stdout.write(String(used())); process.stdin.resume();`;
      const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      const found = (await cpuTimeOf(child.pid!))!;
      child.stdin.end();
      await once(child, 'close');
      // In steps of 10 ms, each for user and system time; a little is used after it was said.
      expect(found).toBeGreaterThanOrEqual(Number(String(said)) - 0.02);
      expect(found).toBeLessThan(Number(String(said)) + 0.2);
      expect(await cpuTimeOf(child.pid!)).toBeUndefined();
    },
  );

  test('where the system does not tell', async () => {
    expect(await cpuTimeOf(process.pid, 'win32')).toBeUndefined();
  });
});

test('work is counted also when it fails', () => {
  const counted = countedWork();
  const until = process.cpuUsage();
  const work = (): never => {
    const used = (): number => process.cpuUsage(until).user + process.cpuUsage(until).system;
    while (used() < 50_000) Math.random();
    throw new Error('failed');
  };
  expect(() => counted(work)).toThrow('failed');
  expect(counted.usedS()).toBeGreaterThanOrEqual(0.04);
});

describe.skipIf(process.platform !== 'linux' && process.platform !== 'darwin')('a meter', () => {
  const line = JSON.stringify({ cpu_power: 1, timestamp: '2026-01-01T00:00:00+00:00' });
  const meterOf = (script: string): Meter => macmonMeter({ command: standInProgram(script) });

  test('tells the CPU time of its process and of the reading', async () => {
    const lazy = `for (;;) { await say(${JSON.stringify(`${line}\n`)}); await wait(20); }`;
    const meter = meterOf(`${untilUsed(0.4)} ${lazy}`);
    const found: (number | undefined)[] = [];
    const stop = new AbortController();
    for await (const sample of meter.samples(stop.signal)) {
      expect(sample.energyJ.cpu).toBeGreaterThan(0);
      found.push(await meter.cpuS!());
      if (found.length === 3) stop.abort();
    }
    expect(found[0]).toBeGreaterThan(0.37);
    expect(found[2]).toBeGreaterThanOrEqual(found[0]!);
  });

  test('that does not run has used nothing that could be told', async () => {
    const meter = meterOf(`await say(${JSON.stringify(`${line}\n`)}); setInterval(() => {}, 1000);`);
    expect(await meter.cpuS!()).toBeUndefined();
    await take(meter, 1);
    expect(await meter.cpuS!()).toBeUndefined();
  });
});
