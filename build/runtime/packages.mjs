// Debian packages: installed where that needs no question, else named in one command to type.

import { isOnPath, runQuietly, tail } from './commands.mjs';
import { Problem, note } from './messages.mjs';

/**
 * How this user may install system packages: as root, through a sudo that asks nothing, or not at all.
 * @returns {Promise<'root' | 'sudo' | 'no'>}
 */
export async function installRights() {
  if (!isOnPath('apt-get')) return 'no';
  if (process.getuid?.() === 0) return 'root';
  return isOnPath('sudo') && (await runQuietly('sudo', ['-n', 'true'])).code === 0 ? 'sudo' : 'no';
}

/** The environment in which apt asks nothing. */
export const unattended = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive' });

/** Waits for another apt instead of failing. */
const apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300'];

/**
 * Finishes an installation that was cut off half way, as by a time limit: until then apt installs nothing else. What
 * cannot be finished, the installation that follows names.
 * @param {'root' | 'sudo'} rights
 */
export async function finishInterruptedInstallation(rights) {
  if ((await runWithRights(rights, [...apt, 'check'])).code === 0) return;
  note('finishing an installation of system packages that was cut off …');
  await runWithRights(rights, ['dpkg', '--configure', '-a']);
}

/**
 * Installs Debian packages.
 * @param {readonly string[]} names
 * @param {string} purpose as in "to …"
 * @throws {Problem} when that is not possible
 */
export async function installPackages(names, purpose) {
  const command = `apt-get update && apt-get install -y ${names.join(' ')}`;
  const rights = await installRights();
  if (rights === 'no') {
    throw new Problem(
      isOnPath('apt-get')
        ? `Some system packages are missing to ${purpose}. Install them and try again: sudo sh -c '${command}'`
        : `Some system packages are missing to ${purpose}. Install what your system calls ${names.join(', ')}, and try again.`,
    );
  }
  note(`installing system packages to ${purpose} (once): ${names.join(', ')} …`);
  await finishInterruptedInstallation(rights);
  for (const words of [
    [...apt, 'update'],
    [...apt, 'install', '-y', '--no-install-recommends', ...names],
  ]) {
    const outcome = await runWithRights(rights, words);
    if (outcome.code !== 0) {
      throw new Problem(
        `Installing ${names.join(', ')} to ${purpose} failed:\n${tail(outcome.output)}\n` +
          `Install them and try again: sudo sh -c '${command}'`,
      );
    }
  }
}

/**
 * @param {'root' | 'sudo'} rights
 * @param {readonly string[]} words a program and its arguments
 */
function runWithRights(rights, words) {
  const prefix = rights === 'sudo' ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : ['env'];
  const [program = '', ...args] = [...prefix, ...words];
  return runQuietly(program, args, { env: unattended() });
}
