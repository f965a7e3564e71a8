import { expect, test } from 'vitest';
import { hasDisplay } from './display.mjs';

test('a Mac always has a display', () => {
  expect(hasDisplay({}, 'darwin')).toBe(true);
});

test('Linux has one when X or Wayland says so', () => {
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
});
