import { expect, test } from 'vitest';
import { windowBounds } from './bounds.ts';

const desk = { x: 0, y: 25, width: 1440, height: 875 };
const side = { x: 1440, y: 0, width: 1920, height: 1080 };

test('a first start opens at the default size, placed by the system', () => {
  expect(windowBounds(undefined, [desk])).toEqual({ width: 1280, height: 800 });
});

test('a window comes back where it was', () => {
  const saved = { x: 1500, y: 40, width: 1600, height: 900, maximised: false };
  expect(windowBounds(saved, [desk, side])).toEqual({ x: 1500, y: 40, width: 1600, height: 900 });
});

test('a window whose display is gone opens on the primary one, no larger than it', () => {
  const saved = { x: 1500, y: 40, width: 1800, height: 1000, maximised: false };
  expect(windowBounds(saved, [desk])).toEqual({ width: 1440, height: 875 });
});

test('a window is never smaller than the layout bears', () => {
  const saved = { x: 10, y: 40, width: 420, height: 310, maximised: false };
  expect(windowBounds(saved, [desk])).toEqual({ x: 10, y: 40, width: 900, height: 600 });
});
