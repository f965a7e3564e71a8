import type { Preferences } from '#core/preferences';

/** A rectangle on the desktop, in device-independent pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_SIZE = { width: 1280, height: 800 };
export const SMALLEST_SIZE = { width: 900, height: 600 };
/** How much of a window must lie on a display for it to be found again. */
const REACHABLE_PX = 100;

/**
 * Where to open the window: where it was, if that place still exists, at the size it had, but no larger than its
 * display and no smaller than the layout bears.
 * @param saved the bounds of the last time
 * @param displays work areas of the displays, the primary one first
 */
export function windowBounds(
  saved: Preferences['window'],
  displays: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const primary = displays[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const wanted = saved ?? DEFAULT_SIZE;
  const home = displays.find((display) => saved?.x !== undefined && overlaps(saved, display)) ?? primary;
  const width = Math.max(SMALLEST_SIZE.width, Math.min(wanted.width, home.width));
  const height = Math.max(SMALLEST_SIZE.height, Math.min(wanted.height, home.height));
  if (saved?.x === undefined || saved.y === undefined || !overlaps(saved, home)) return { width, height };
  return { x: saved.x, y: saved.y, width, height };
}

function overlaps(saved: NonNullable<Preferences['window']>, display: Rectangle): boolean {
  if (saved.x === undefined || saved.y === undefined) return false;
  const across = Math.min(saved.x + saved.width, display.x + display.width) - Math.max(saved.x, display.x);
  const topVisible = saved.y >= display.y && saved.y < display.y + display.height - REACHABLE_PX;
  return across >= REACHABLE_PX && topVisible;
}
