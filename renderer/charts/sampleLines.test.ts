import { expect, test } from 'vitest';
import { sampleLines } from './sampleLines.ts';

test('a sample is drawn as long as it is, and a hole stays a hole', () => {
  const samples = [
    { startS: 0, endS: 1, energyJ: { gpu: 5 } },
    { startS: 1, endS: 3, energyJ: { gpu: 4 } },
    { startS: 5, endS: 6, energyJ: { gpu: 1, cpu: 2 } },
  ];
  const [cpu, gpu] = sampleLines(samples, { startS: 0, endS: 6 });
  expect(gpu).toEqual({
    rail: 'gpu',
    points: [
      { x: 0, y: 5 },
      { x: 1, y: 5 },
      { x: 1, y: 2 },
      { x: 3, y: 2 },
      { x: 3, y: NaN },
      { x: 5, y: 1 },
      { x: 6, y: 1 },
    ],
  });
  expect(cpu!.points).toEqual([
    { x: 5, y: 2 },
    { x: 6, y: 2 },
  ]);
});

test('very many samples are thinned, and their peaks stay', () => {
  const samples = Array.from({ length: 20_000 }, (_, i) => ({
    startS: i / 1000,
    endS: (i + 1) / 1000,
    energyJ: { cpu: i === 7777 ? 0.099 : 0.01 },
  }));
  const [line] = sampleLines(samples, { startS: 0, endS: 20 });
  expect(line!.points.length).toBeLessThan(1600);
  expect(Math.max(...line!.points.map(({ y }) => y))).toBeCloseTo(99);
});
