import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes an unexpected failure to the log in the data folder. The log's code is loaded only then.
 * @returns the log file, undefined when it cannot be written either
 */
export async function logFailure(dataFolder: string, thrown: unknown): Promise<string | undefined> {
  const file = path.join(dataFolder, 'logs', 'crossover.log');
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    appendFileSync(file, '');
    const { default: log } = await import('electron-log/node');
    log.transports.console.level = false;
    log.transports.file.resolvePathFn = () => file;
    log.error('a command failed unexpectedly', thrown);
    return file;
  } catch {
    return undefined;
  }
}
