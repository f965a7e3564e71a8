// better-sqlite3's native part. Its prebuilt binaries need Node-API 10; an older runtime does not refuse them but
// crashes at the first database. So the decision is made from version numbers alone, never by loading them, and the
// answer for an older runtime is a binary compiled from the package's own source, which runs on newer ones too.

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOnPath, runQuietly, tail } from './commands.mjs';
import { standIn } from './standIn.mjs';
import { withLock } from './lock.mjs';
import { Problem, note } from './messages.mjs';
import { installPackages } from './packages.mjs';
import { cacheFolder, inPackage, root } from './places.mjs';

/** The Node-API version that the prebuilt binaries need. */
const prebuiltNeeds = 10;

/** Where better-sqlite3 looks for a compiled binary before it takes a prebuilt one. */
const compiled = inPackage('better-sqlite3', 'build', 'Release', 'better_sqlite3.node');

/** The Node-API version of the Node that runs this script. */
export const nodeApiHere = Number(process.versions.napi);

/**
 * The Node-API version of an Electron.
 * @param {{ version: string }} electron
 * @returns {number} 9 for the stand-in; official ones that the product supports have 10 or newer
 */
export function nodeApiOf({ version }) {
  return version === standIn.electronVersion ? 9 : prebuiltNeeds;
}

/**
 * Whether a set of runtimes needs a compiled binary.
 * @param {readonly number[]} nodeApis the Node-API version of each runtime that will load it
 * @returns {boolean}
 */
export function needsCompiling(nodeApis) {
  return nodeApis.some((version) => !(version >= prebuiltNeeds));
}

/**
 * Makes sure that better-sqlite3 works in every runtime given.
 * @param {readonly number[]} [nodeApis] their Node-API versions
 * @throws {Problem} when it has to be compiled and cannot be
 */
export async function ensureSqlite(nodeApis = [nodeApiHere]) {
  if (!needsCompiling(nodeApis) || existsSync(compiled)) return;
  const manifest = inPackage('better-sqlite3', 'package.json');
  if (!existsSync(manifest)) throw new Problem('The better-sqlite3 package is not installed. Run: npm ci');
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(manifest, 'utf8')));
  const name = `better-sqlite3-${version}-${process.platform}-${process.arch}-experimental-napi`;
  const cached = path.join(cacheFolder(), `${name}.node`);
  await withLock(path.join(cacheFolder(), `${name}.lock`), 'build of better-sqlite3', async () => {
    if (!existsSync(cached)) await compile(cached);
    moveInto(cached, compiled);
  });
}

/**
 * Compiles in a folder of its own, so that a failure leaves nothing behind.
 * @param {string} result where the finished binary goes
 */
async function compile(result) {
  const nodeGyp = findNodeGyp();
  await ensureCompiler();
  note('compiling better-sqlite3 (about a minute, once) …');
  const workshop = mkdtempSync(path.join(tmpdir(), 'crossover-sqlite-'));
  try {
    const source = path.join(workshop, 'better-sqlite3');
    for (const part of ['binding.gyp', 'package.json', 'lib', 'src', 'deps']) {
      cpSync(inPackage('better-sqlite3', part), path.join(source, part), { recursive: true });
    }
    cpSync(inPackage('node-addon-api'), path.join(source, 'node_modules', 'node-addon-api'), {
      recursive: true,
    });
    const headers = headersFolder();
    const built = await runQuietly(
      process.execPath,
      [
        nodeGyp,
        'rebuild',
        '--release',
        '--jobs=max',
        ...(headers === undefined ? [] : [`--nodedir=${headers}`]),
        '--',
        '-Dforce_build=1',
      ],
      // The experimental mode lets Node-API 9 runtimes postpone finalizers as version 10 does.
      { cwd: source, env: { ...process.env, CXXFLAGS: '-UNAPI_VERSION -DNAPI_EXPERIMENTAL' } },
    );
    const binary = path.join(source, 'build', 'Release', 'better_sqlite3.node');
    if (built.code !== 0 || !existsSync(binary)) {
      throw new Problem(
        `better-sqlite3 could not be compiled:\n${tail(built.output, 25)}\n` +
          'Use Node 22.14 or newer, which needs no compiling, or correct what is said above and try again.',
      );
    }
    moveInto(binary, result);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/**
 * Copies a file so that it appears at its new place at once and whole.
 * @param {string} from
 * @param {string} to
 */
function moveInto(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}`;
  copyFileSync(from, temporary);
  renameSync(temporary, to);
}

/**
 * @returns {string} node-gyp's script
 * @throws {Problem} where only the packages for running are installed
 */
function findNodeGyp() {
  try {
    return createRequire(path.join(root, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    throw new Problem(
      'This Node needs better-sqlite3 compiled, and node-gyp, which does that, is not installed. ' +
        'Use Node 22.14 or newer, which needs no compiling, or run: npm ci',
    );
  }
}

/** Finds or installs what node-gyp needs. */
async function ensureCompiler() {
  if (process.platform === 'darwin') {
    if ((await runQuietly('xcode-select', ['-p'])).code === 0) return;
    throw new Problem(
      'This Node needs better-sqlite3 compiled, and there is no compiler. Run: xcode-select --install ' +
        '(or use Node 22.14 or newer, which needs no compiling), and try again.',
    );
  }
  const missing = ['g++', 'make', 'python3'].filter((program) => !isOnPath(program));
  if (missing.length > 0) await installPackages(['build-essential', 'python3'], 'compile better-sqlite3');
}

/**
 * The folder whose include/node holds the headers of the Node that runs this; node-gyp fetches them if there is none.
 * @param {string} [execPath]
 * @param {string} [version]
 * @returns {string | undefined}
 */
export function headersFolder(execPath = process.execPath, version = process.versions.node) {
  const candidates = [path.dirname(path.dirname(execPath)), '/usr', '/usr/local'];
  return candidates.find((folder) => headersVersion(folder) === version);
}

/**
 * @param {string} folder
 * @returns {string | undefined} as in 20.20.2
 */
function headersVersion(folder) {
  const include = path.join(folder, 'include', 'node');
  if (!existsSync(path.join(include, 'node_api.h')) || !existsSync(path.join(include, 'node_version.h')))
    return;
  const text = readFileSync(path.join(include, 'node_version.h'), 'utf8');
  const number = (/** @type {string} */ part) =>
    new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1] ?? '?';
  return ['MAJOR', 'MINOR', 'PATCH'].map(number).join('.');
}
