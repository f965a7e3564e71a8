import { afterEach, expect, test, vi } from 'vitest';
import { hasDisplay, withDisplays } from './display.mjs';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a Mac always has a display', () => {
  expect(hasDisplay({}, 'darwin')).toBe(true);
});

test('Linux has one when X or Wayland says so', () => {
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
});

test('a display that is there is used alone, however many were wanted', async () => {
  vi.stubEnv('DISPLAY', ':7');
  vi.stubEnv('CROSSOVER_DISPLAYS', undefined);
  const env = await withDisplays(2, (each) => Promise.resolve(each));
  expect(env.DISPLAY).toBe(':7');
  expect(env.CROSSOVER_DISPLAYS).toBeUndefined();
});
