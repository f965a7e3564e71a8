// The built app: made again when its sources have changed, and only then.

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { runQuietly, tail } from './commands.mjs';
import { withLock } from './lock.mjs';
import { Problem, note } from './messages.mjs';
import { inPackage, root } from './places.mjs';

/** What the result is built from. */
const sources = [
  'electron',
  'renderer',
  'profiles',
  'build/electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** What a build makes; the folders are emptied first. */
export const results = [
  ...['main', 'cli', 'print', 'engine', 'ioreport', 'doctor', 'verifier', 'importer', 'analysis'].map(
    (part) => `out/${part}/index.js`,
  ),
  'out/preload/index.cjs',
  'out/renderer/index.html',
];
const resultFolders = [...results.map((file) => path.posix.dirname(file)), 'out/shared'];

/** Says which sources the built app was made from; written last, removed first. */
const stampFile = 'out/sources.stamp';

/**
 * Builds the app unless it is up to date.
 * @param {{ orAsItIs?: boolean }} [options] `orAsItIs`: where only the packages for running are installed
 * (npm ci --omit=dev), a command line that was built elsewhere will do
 * @throws {Problem} when the build fails; its output has been shown
 */
export async function ensureBuilt({ orAsItIs = false } = {}) {
  if (isBuilt(root)) return;
  if (!existsSync(inPackage('electron-vite'))) {
    if (orAsItIs && existsSync(path.join(root, 'out', 'cli', 'index.js'))) return;
    throw new Problem(
      existsSync(inPackage('zod'))
        ? 'Crossover is not built, and what builds it is not installed. Run: npm ci, or copy the folder out from ' +
            'where it is built.'
        : 'The packages are not installed. Run: npm ci',
    );
  }
  await withLock(path.join(root, 'node_modules', '.crossover-build.lock'), 'build of Crossover', async () => {
    if (isBuilt(root)) return;
    await buildApp();
  });
}

/** Builds the app in any case. */
async function buildApp() {
  note('building the app …');
  // Taken before the build: what changes meanwhile is built next time.
  const stamp = stampOf(root);
  forgetBuild();
  for (const folder of resultFolders) rmSync(path.join(root, folder), { recursive: true, force: true });
  const built = await runQuietly(process.execPath, [
    inPackage('electron-vite', 'bin', 'electron-vite.js'),
    'build',
    '--config',
    path.join(root, 'build', 'electron.vite.config.ts'),
  ]);
  const absent = results.filter((file) => !existsSync(path.join(root, file)));
  if (built.code !== 0 || absent.length > 0) {
    process.stderr.write(`${tail(built.output, 60)}\n`);
    throw new Problem(
      built.code !== 0
        ? 'The app could not be built; the reason is above. Correct it and try again.'
        : `The build did not make ${absent.join(', ')}. Correct build/electron.vite.config.ts and try again.`,
    );
  }
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const temporary = path.join(root, `${stampFile}.${process.pid}`);
  writeFileSync(temporary, stamp);
  renameSync(temporary, path.join(root, stampFile));
}

/** Says that what is in `out` is not to be relied on; the development server puts its own build there. */
export function forgetBuild() {
  rmSync(path.join(root, stampFile), { force: true });
}

/**
 * Whether a folder's built app was made from its sources as they are.
 * @param {string} folder
 * @returns {boolean}
 */
export function isBuilt(folder) {
  let stamp;
  try {
    stamp = readFileSync(path.join(folder, stampFile), 'utf8');
  } catch {
    return false;
  }
  return results.every((file) => existsSync(path.join(folder, file))) && stamp === stampOf(folder);
}

/**
 * A fingerprint of the sources: names, sizes and times of change, since reading every file would take longer. Tests do
 * not count.
 * @param {string} folder the repository's root
 * @returns {string}
 */
export function stampOf(folder) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(folder, source)) {
      const { size, mtimeMs } = statSync(path.join(folder, file));
      hash.update(`${file}\n${size}\n${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @param {string} place a file or folder in it, which may not exist
 * @returns {string[]} files, in an order that does not depend on the file system
 */
function filesUnder(folder, place) {
  const stats = statSync(path.join(folder, place), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [place];
  return readdirSync(path.join(folder, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test\.ts|md)$/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
