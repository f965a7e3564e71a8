import { expect, test } from 'vitest';
import { RAPL_LOG_HEADER, raplDifference, raplEnergyJ, raplLogReader, type RaplZone } from './rapl.ts';

const zone = (number: number, name: string): RaplZone => ({
  zone: `intel-rapl:${number}`,
  name,
  maxUj: 1_000_000,
});

test('a counter that began anew has gone on from 0', () => {
  expect(raplEnergyJ(900_000, 100_000, 1_000_000)).toBe(0.2);
  expect(raplEnergyJ(100_000, 100_000, 1_000_000)).toBe(0);
});

test('two sockets are one package; where one was not read, the energy of both is not known', () => {
  const zones = [zone(0, 'package-0'), zone(1, 'package-1'), zone(2, 'dram')];
  const before = new Map(zones.map((each) => [each.zone, 0]));
  const after = new Map(zones.map((each) => [each.zone, 500_000]));
  expect(raplDifference(zones, before, after)).toEqual({ package: 1, dram: 0.5 });
  after.delete('intel-rapl:1');
  expect(raplDifference(zones, before, after)).toEqual({ dram: 0.5 });
});

test('a log that lacks a line has no energy of that rail on either side of it', () => {
  const lines = [0, 1, 2, 3].flatMap((second) =>
    [0, 1].flatMap((socket) =>
      second === 2 && socket === 1
        ? []
        : [`${second},intel-rapl:${socket},package-${socket},${second * 100_000},1000000`],
    ),
  );
  const reader = raplLogReader();
  const samples = [...reader.push(`${[RAPL_LOG_HEADER, ...lines].join('\n')}\n`), ...reader.end()];
  expect(samples.map(({ startS, energyJ }) => [startS, energyJ])).toEqual([
    [0, { package: 0.2 }],
    [1, {}],
    [2, {}],
  ]);
});
