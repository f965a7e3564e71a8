// The system libraries that Electron is linked to. A Mac has them all; a bare Linux machine has almost none.

import { isOnPath, runQuietly, tail } from './commands.mjs';
import { hasDisplay } from './display.mjs';
import { Problem, note } from './messages.mjs';
import { finishInterruptedInstallation, installPackages, installRights, unattended } from './packages.mjs';
import { inPackage } from './places.mjs';

/** Debian's names for what Electron needs and Playwright's list for Chromium lacks. */
const beyondChromium = ['libgtk-3-0'];

/**
 * Makes sure that Electron can start, and that there is a virtual display where there is no other.
 * @param {{ path: string }} electron
 * @throws {Problem} when something is missing and cannot be installed
 */
export async function ensureSystemLibraries(electron) {
  if (process.platform !== 'linux') return;
  if ((await missing(electron)).length === 0) return;
  const installer = inPackage('playwright-core', 'cli.js');
  const rights = await installRights();
  if (rights === 'no') {
    throw new Problem(
      `Electron lacks parts of this system: ${(await missing(electron)).join(', ')}. On Debian or Ubuntu, install them and ` +
        `try again: sudo sh -c 'npx playwright install-deps chromium && apt-get install -y ${beyondChromium.join(' ')} xvfb'`,
    );
  }
  note('installing the system libraries that Electron needs (once) …');
  await finishInterruptedInstallation(rights);
  const installed = await runQuietly(process.execPath, [installer, 'install-deps', 'chromium'], {
    env: unattended(),
  });
  if ((await missing(electron)).length > 0)
    await installPackages([...beyondChromium, 'xvfb'], 'show windows');
  const still = await missing(electron);
  if (still.length > 0) {
    throw new Problem(
      `Electron still lacks parts of this system: ${still.join(', ')}. Install the packages that hold them and try again.\n` +
        tail(installed.output),
    );
  }
}

/**
 * What has to be installed before a window can open.
 * @param {{ path: string }} electron
 * @returns {Promise<string[]>} names of libraries, or Xvfb
 */
async function missing(electron) {
  // Not the loader's error text: each line of ldd is one library.
  const { output } = await runQuietly('ldd', [electron.path]);
  return [...missingLibraries(output), ...(hasDisplay() || isOnPath('Xvfb') ? [] : ['Xvfb'])];
}

/**
 * Reads what `ldd` prints.
 * @param {string} text lines such as "libgtk-3.so.0 => not found"
 * @returns {string[]} the libraries that were not found
 */
export function missingLibraries(text) {
  return [...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}
