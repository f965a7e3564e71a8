import { join } from 'node:path';

let folder: string | undefined;

/** Says in which data folder the log lies; until then nothing is written. */
export function logInto(dataFolder: string): void {
  folder = dataFolder;
}

/** Writes an error to `logs/crossover.log` in the data folder. Loads the logger only when it is first needed. */
export function logError(what: string, thrown: unknown): void {
  const into = folder;
  if (into === undefined) {
    process.stderr.write(`${what}: ${String(thrown)}\n`);
    return;
  }
  void import('electron-log/node.js').then(({ default: log }) => {
    log.transports.file.resolvePathFn = () => join(into, 'logs', 'crossover.log');
    log.transports.console.level = false;
    log.error(what, thrown);
  });
}
