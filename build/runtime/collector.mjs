// The collector: the command line by itself, as a folder that is copied to another computer. It needs Node there and
// nothing else: no Electron, no npm, no network.

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { Problem } from './messages.mjs';
import { noticesOf } from './notices.mjs';
import { inPackage, root } from './places.mjs';

/** Where the collector may run: as Node names platform and processor. */
export const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'];

/** Packages with native parts, which are copied; everything else is bundled. */
const native = ['better-sqlite3', 'koffi', 'node-llama-cpp', '@duckdb/node-api'];

/** What of a package is never used at run time, and large. */
const unused = {
  'better-sqlite3': ['build', 'deps', 'src', 'binding.gyp', 'prebuilds'],
  'node-llama-cpp': ['llama/gitRelease.bundle', 'llama/addon', 'templates', 'bins'],
};

/** Needed only to compile what is copied ready to run. */
const headers = 'node-addon-api';

/**
 * @typedef {object} Collector
 * @property {string} folder the folder to copy
 * @property {string} name its name
 * @property {string[]} imported the packages that the bundled command line imports when it starts
 * @property {string[]} packages the packages that are in it
 * @property {string} node which Node it needs
 */

/**
 * Makes the collector; one that was there is replaced.
 * @param {object} options
 * @param {string} options.into the folder in which its folder goes
 * @param {string} [options.target] one of `targets`; this computer's by default
 * @param {boolean} [options.embedded] with the embedded engine
 * @param {boolean} [options.compiled] with SQLite as it was compiled here, for Node older than 22.14
 * @returns {Promise<Collector>}
 * @throws {Problem} when something that belongs into it is missing here
 */
export async function makeCollector({ into, target = here(), embedded = false, compiled = false }) {
  if (!targets.includes(target)) {
    throw new Problem(`There is no collector for ${target}. Choose from: ${targets.join(', ')}.`);
  }
  if (compiled && target !== here()) {
    throw new Problem(
      `What is compiled here runs on ${here()} alone, not on ${target}. Leave --compiled out.`,
    );
  }
  const { name: program, version, license, engines } = packageOf(path.join(root, 'package.json'));
  const name = `${program}-collector-${version}-${target}`;
  mkdirSync(into, { recursive: true });
  const folder = mkdtempSync(path.join(into, '.making-'));
  try {
    const mac = target.startsWith('darwin-');
    const { imported, modules } = await bundle(path.join(folder, 'out'), {
      cli: 'electron/cli/index.ts',
      ...(mac ? { ioreport: 'electron/meters/ioreportWorker.ts' } : {}),
      ...(embedded ? { engine: 'electron/engines/embeddedWorker.ts' } : {}),
    });
    const wanted = ['better-sqlite3', ...(mac ? ['koffi'] : []), ...(embedded ? ['node-llama-cpp'] : [])];
    const packages = wanted.flatMap((each) => copyWithDependencies(each, folder, target));
    copySqlite(folder, target, compiled);
    for (const part of ['profiles/bundled', 'profiles/workloads', 'LICENSE']) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesOf(modules));
    cpSync(path.join(root, 'build', 'collect'), path.join(folder, 'collect'), {
      recursive: true,
      filter: (file) => !file.endsWith('.ts'),
    });
    writeFileSync(
      path.join(folder, 'package.json'),
      `${JSON.stringify({ name: `${program}-collector`, version, private: true, license, type: 'module', engines }, null, 2)}\n`,
    );
    writeFileSync(
      path.join(folder, 'crossover.mjs'),
      "import { main } from './out/cli/index.js';\n\nprocess.exitCode = await main(process.argv.slice(2));\n",
    );
    writeFileSync(path.join(folder, 'crossover'), launcher);
    chmodSync(path.join(folder, 'crossover'), 0o755);
    chmodSync(folder, 0o755);
    const result = path.join(into, name);
    rmSync(result, { recursive: true, force: true });
    renameSync(folder, result);
    const node = compiled ? engines?.node.replace('>=', '') : '22.14';
    return {
      folder: result,
      name,
      imported,
      packages: [...new Set(packages)].sort(),
      node: `${node} or newer`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** This computer, as a target. */
export const here = () => `${process.platform}-${process.arch}`;

const launcher = `#!/bin/sh
# Crossover's command line. It needs Node on the path, or where CROSSOVER_NODE says.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
exec "\${CROSSOVER_NODE:-node}" "$here/crossover.mjs" "$@"
`;

/**
 * Bundles the command line and its processes, laid out as in the built app.
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} entries
 * @returns {Promise<{ imported: string[], modules: string[] }>} packages that the command line imports when it starts,
 * and the paths of all that went into the bundles
 */
async function bundle(folder, entries) {
  const { build } = await import('vite');
  const made = await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      minify: true,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, file]) => [name, path.join(root, file)]),
        ),
        external: native,
        output: { entryFileNames: '[name]/index.js', chunkFileNames: 'shared/[name]-[hash].js' },
      },
    },
  });
  if (!('output' in made)) throw new Problem('The command line could not be bundled.');
  const chunks = new Map(
    made.output.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk]] : [])),
  );
  /** @type {Set<string>} */
  const seen = new Set();
  const waiting = ['cli/index.js'];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(chunks.get(next)?.imports ?? []));
  }
  return {
    imported: [...seen].filter((file) => !chunks.has(file) && !isBuiltin(file)).sort(),
    modules: [...chunks.values()].flatMap(({ moduleIds }) => moduleIds),
  };
}

/**
 * Copies a package with what it depends on.
 * @param {string} name
 * @param {string} folder where node_modules goes
 * @param {string} target
 * @returns {string[]} the names of all packages copied
 */
function copyWithDependencies(name, folder, target) {
  /** @type {Map<string, string>} */
  const places = new Map();
  /** @param {string} each @param {string} from @param {boolean} optional */
  const visit = (each, from, optional) => {
    if (each === headers) return;
    const place = placeOf(each, from);
    if (place === undefined) {
      if (optional) return;
      throw new Problem(`The package ${each} is not installed. Run: npm ci`);
    }
    if (places.has(place) || !runsOn(each, place, target)) return;
    places.set(place, each);
    const { dependencies = {}, optionalDependencies = {} } = packageOf(path.join(place, 'package.json'));
    for (const other of Object.keys(dependencies)) visit(other, place, other in optionalDependencies);
    for (const other of Object.keys(optionalDependencies)) visit(other, place, true);
  };
  visit(name, root, false);
  for (const [place, each] of places) {
    const left = /** @type {Readonly<Record<string, string[]>>} */ (unused)[each] ?? [];
    cpSync(place, path.join(folder, path.relative(root, place)), {
      recursive: true,
      filter: (file) => {
        const inside = path.relative(place, file).split(path.sep).join('/');
        return inside !== 'node_modules' && !left.includes(inside);
      },
    });
  }
  if (name === 'node-llama-cpp' && ![...places.values()].includes(`@node-llama-cpp/${engineFor(target)}`)) {
    throw new Problem(
      `The embedded engine for ${target} is not installed here: npm installs that of this computer alone. ` +
        'Leave --embedded out, or build the collector on such a computer.',
    );
  }
  return [...places.values()];
}

/** @param {string} target */
function engineFor(target) {
  return target === 'darwin-arm64' ? 'mac-arm64-metal' : target.replace('darwin-', 'mac-');
}

/**
 * Where Node would find a package.
 * @param {string} name
 * @param {string} from
 * @returns {string | undefined}
 */
function placeOf(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const place = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(place, 'package.json'))) return place;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * Whether a package is for a target: most are for all.
 * @param {string} name
 * @param {string} place
 * @param {string} target
 */
function runsOn(name, place, target) {
  // The engine's binaries also name processors that could emulate theirs.
  if (name.startsWith('@node-llama-cpp/')) return name === `@node-llama-cpp/${engineFor(target)}`;
  const [platform = '', arch = ''] = target.split('-');
  const { os = [platform], cpu = [arch] } = packageOf(path.join(place, 'package.json'));
  return os.includes(platform) && cpu.includes(arch);
}

/**
 * SQLite's native part: the prebuilt one, and the one that was compiled here where an older Node asks for it.
 * @param {string} folder
 * @param {string} target
 * @param {boolean} compiled
 */
function copySqlite(folder, target, compiled) {
  const to = path.join(folder, 'node_modules', 'better-sqlite3');
  const binaries = [target, ...(target.startsWith('linux-') ? [target.replace('linux', 'linuxmusl')] : [])];
  for (const binary of binaries) {
    const file = inPackage('better-sqlite3', 'prebuilds', `${binary}.node`);
    if (!existsSync(file)) throw new Problem(`better-sqlite3 has no binary for ${binary}. Run: npm ci`);
    cpSync(file, path.join(to, 'prebuilds', `${binary}.node`));
  }
  if (!compiled) return;
  const built = path.join('build', 'Release', 'better_sqlite3.node');
  if (!existsSync(inPackage('better-sqlite3', built))) {
    throw new Problem('SQLite is not compiled here. Run: npm run -s lab -- doctor');
  }
  cpSync(inPackage('better-sqlite3', built), path.join(to, built));
}

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string} [license]
 * @property {{ node: string }} [engines]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 */

/**
 * @param {string} file
 * @returns {Manifest}
 */
function packageOf(file) {
  return /** @type {Manifest} */ (JSON.parse(readFileSync(file, 'utf8')));
}
