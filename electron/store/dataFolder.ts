import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The data folder to use.
 * @param asked what `--data` says; undefined without it
 * @returns an absolute path, which may not exist yet
 */
export function dataFolderFrom(asked: string | undefined): string {
  return asked === undefined ? defaultDataFolder() : path.resolve(asked);
}

/**
 * The folder in which the app keeps its data unless told otherwise: what Electron calls userData.
 * @returns an absolute path, which may not exist yet
 */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Crossover');
  if (platform === 'win32') {
    return path.win32.join(env.APPDATA ?? path.win32.join(home, 'AppData', 'Roaming'), 'Crossover');
  }
  const config = env.XDG_CONFIG_HOME;
  // The XDG specification: a relative path is to be ignored.
  const base =
    config !== undefined && path.posix.isAbsolute(config) ? config : path.posix.join(home, '.config');
  return path.posix.join(base, 'Crossover');
}
