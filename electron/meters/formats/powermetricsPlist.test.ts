import { describe, expect, test } from 'vitest';
import { plist } from '../fixtures/powermetrics.ts';
import { powermetricsSample } from './powermetricsPlist.ts';

/** 208 ms in which the GPU drew 4.3 mW: less than the whole mJ can tell. */
const withPower = (place: 'processor' | 'gpu'): string =>
  plist({ cpuMw: 100 }).replace(
    place === 'processor' ? '<key>combined_power</key>' : '<key>idle_ratio</key>',
    (key) => `<key>gpu_power</key><real>4.3</real>\n${key}`,
  );

describe('the GPU, which two samplers print', () => {
  test.each(['processor', 'gpu'] as const)('is read once, by its power where the %s has it', (place) => {
    expect(powermetricsSample(withPower(place))!.energyJ.gpu).toBeCloseTo(0.0043 * 0.208, 12);
  });

  test('by its energy otherwise', () => {
    expect(powermetricsSample(plist({ cpuMw: 100 }))!.energyJ.gpu).toBe(0.2);
  });
});

test('a dictionary that is not there is not measured, and no cluster is ever a rail', () => {
  const gpuAlone = plist({ cpuMw: 100 }).replace(/<key>processor<[\s\S]*?(?=<key>gpu<)/, '');
  expect(powermetricsSample(gpuAlone)!.energyJ).toEqual({ gpu: 0.2 });
  expect(Object.keys(powermetricsSample(plist({ cpuMw: 100 }))!.energyJ).sort()).toEqual([
    'ane',
    'cpu',
    'gpu',
  ]);
});
