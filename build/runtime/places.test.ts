import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder } from './places.mjs';

const home = path.resolve('/home/someone');

describe('the cache folder', () => {
  test('is where each system keeps caches', () => {
    expect(cacheFolder({}, 'linux', home)).toBe(path.join(home, '.cache', 'crossover'));
    expect(cacheFolder({}, 'darwin', home)).toBe(path.join(home, 'Library', 'Caches', 'crossover'));
  });

  test('follows XDG_CACHE_HOME, and CROSSOVER_CACHE before all', () => {
    const xdg = path.resolve('/caches');
    expect(cacheFolder({ XDG_CACHE_HOME: xdg }, 'linux', home)).toBe(path.join(xdg, 'crossover'));
    expect(cacheFolder({ XDG_CACHE_HOME: xdg, CROSSOVER_CACHE: path.resolve('/mine') }, 'linux', home)).toBe(
      path.resolve('/mine'),
    );
  });
});
