// Where the scripts find the project and keep what is worth keeping between clones.

import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: scripts work from any folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * The user's cache folder: things that are slow to fetch or to compile, and safe to delete.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 * @returns {string}
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env.CROSSOVER_CACHE) return path.resolve(env.CROSSOVER_CACHE);
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'crossover');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'crossover');
  return path.join(home, '.cache', 'crossover');
}

/**
 * A file inside an installed package.
 * @param {string} name package
 * @param {...string} rest path inside it
 * @returns {string}
 */
export function inPackage(name, ...rest) {
  return path.join(root, 'node_modules', name, ...rest);
}
