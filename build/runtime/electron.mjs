// The Electron that runs the app: the official one, or on a restricted Linux network a stand-in.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { runQuietly, tail } from './commands.mjs';
import { withLock } from './lock.mjs';
import { Problem, note } from './messages.mjs';
import { inPackage } from './places.mjs';
import { placeStandIn, standIn } from './standIn.mjs';

/**
 * @typedef {object} Electron
 * @property {string} path the executable
 * @property {string} version
 * @property {'official' | 'stand-in'} kind
 */

/**
 * @typedef {object} ElectronState what is in node_modules/electron
 * @property {string} wanted the version that package.json pins
 * @property {string | undefined} found the version of the complete binary that is there, if any
 * @property {boolean} insistsOnOfficial whether a stand-in is not good enough
 */

const executables = /** @type {Partial<Record<NodeJS.Platform, string>>} */ ({
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
});

/** The executable, relative to Electron's `dist` folder; the electron package keeps it in path.txt. */
export const executableName = executables[process.platform] ?? 'electron';

/**
 * Which of the binaries on disk to use, if any. A stand-in that is in place stays, so that a restricted network is
 * asked once and not at every start; CROSSOVER_ELECTRON=official asks again.
 * @param {ElectronState} state
 * @returns {'official' | 'stand-in' | 'missing'}
 */
export function chooseElectron({ wanted, found, insistsOnOfficial }) {
  if (found === wanted) return 'official';
  if (found === standIn.electronVersion && !insistsOnOfficial) return 'stand-in';
  return 'missing';
}

/**
 * Whether the stand-in exists for a machine.
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {boolean}
 */
export function standInRunsOn(platform, arch) {
  return platform === 'linux' && arch === 'x64';
}

/**
 * The Electron in node_modules; fetched on the first call.
 * @returns {Promise<Electron>}
 * @throws {Problem} when there is none and none can be had
 */
export async function ensureElectron() {
  return (
    installedElectron() ??
    (await withLock(inPackage('.crossover-electron.lock'), 'download of Electron', async () => {
      return installedElectron() ?? (await fetchElectron());
    }))
  );
}

/**
 * The Electron in node_modules, if it is complete: path.txt and the version are written last.
 * @returns {Electron | undefined}
 */
export function installedElectron() {
  const wanted = wantedVersion();
  const executable = inPackage('electron', 'dist', executableName);
  const version =
    existsSync(executable) && readText(inPackage('electron', 'path.txt')) === executableName
      ? readText(inPackage('electron', 'dist', 'version'))?.replace(/^v/, '')
      : undefined;
  const insistsOnOfficial = process.env.CROSSOVER_ELECTRON === 'official';
  const kind = chooseElectron({ wanted, found: version, insistsOnOfficial });
  return kind === 'missing' || version === undefined ? undefined : { path: executable, version, kind };
}

/** @returns {Promise<Electron>} */
async function fetchElectron() {
  const version = wantedVersion();
  const canStandIn =
    standInRunsOn(process.platform, process.arch) && process.env.CROSSOVER_ELECTRON !== 'official';
  note(`downloading Electron ${version} (once) …`);
  // Nothing half-made may look complete: the installer writes path.txt last.
  rmSync(inPackage('electron', 'path.txt'), { force: true });
  rmSync(inPackage('electron', 'dist'), { recursive: true, force: true });
  // A slow line gets its time; where a stand-in can help, a line that leads nowhere gets less of it.
  const minutes = canStandIn ? 5 : 30;
  const download = await runQuietly(process.execPath, [inPackage('electron', 'install.js')], {
    seconds: minutes * 60,
  });
  const official = installedElectron();
  if (official) return official;

  const reason = download.timedOut
    ? `it was not complete after ${minutes} minutes`
    : firstLine(download.output) || `the installer ended with ${download.code}`;
  if (canStandIn) {
    note(`Electron ${version} cannot be downloaded here (${reason}).`);
    await placeStandIn();
    const placed = installedElectron();
    if (placed) return placed;
  }
  if (download.output.trim()) process.stderr.write(`${tail(download.output)}\n`);
  throw new Problem(
    `Electron ${version} could not be downloaded (${reason}). Connect to the internet and try again; behind a proxy or ` +
      'with a mirror, set ELECTRON_GET_USE_PROXY=1 and HTTPS_PROXY, or ELECTRON_MIRROR. ' +
      'The command line works without it: npm run -s lab -- doctor',
  );
}

/** @returns {string} */
function wantedVersion() {
  const manifest = readText(inPackage('electron', 'package.json'));
  if (manifest === undefined) throw new Problem('The electron package is not installed. Run: npm ci');
  return /** @type {{ version: string }} */ (JSON.parse(manifest)).version;
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function firstLine(text) {
  return text
    .trim()
    .split('\n', 1)[0]
    ?.replace(/^\w*Error: /, '');
}

/**
 * How to name an Electron to people.
 * @param {Electron} electron
 * @returns {string}
 */
export function describeElectron({ version, kind }) {
  return kind === 'official'
    ? `Electron ${version}`
    : `Electron ${version} (a stand-in for ${wantedVersion()}, which cannot be downloaded here)`;
}

/**
 * Arguments that Electron needs in this place: Chromium refuses to run its sandbox as root.
 * @returns {string[]}
 */
export function launchArguments() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
