import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LabError, type ErrorKind } from '#core/errors';
import { RAILS } from '#core/profile';
import { childMeter, type OutputReader } from './childMeter.ts';
import { lineSplitter } from './formats/lines.ts';
import type { LibraryPaths } from './ioreportLibrary.ts';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';

const INTERVAL_S = 0.1;
const SYSTEM: LibraryPaths = {
  ioReport: '/usr/lib/libIOReport.dylib',
  coreFoundation: '/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation',
};

export interface IoreportOptions {
  /** the built worker; beside the built app by default */
  readonly worker?: string;
  readonly libraries?: LibraryPaths;
  readonly intervalS?: number;
  readonly patienceS?: number;
}

/**
 * IOReport: the energy counters of Apple silicon, without root and without another program. Read at a cadence and
 * whenever a window's edge is marked.
 * @throws LabError "meter-missing" where the worker is not built
 */
export function ioreportMeter(options: IoreportOptions = {}): Meter {
  const { libraries = SYSTEM, intervalS = INTERVAL_S, patienceS = 10 } = options;
  const worker = options.worker ?? fileURLToPath(new URL('../ioreport/index.js', import.meta.url));
  if (!existsSync(worker)) {
    throw new LabError(
      'meter-missing',
      'The part that reads IOReport is not built.',
      'Build Crossover with npm run build.',
    );
  }
  return childMeter({
    info: {
      kind: 'ioreport',
      name: 'IOReport',
      rails: ['cpu', 'gpu', 'ane', 'dram'],
      boundary: 'soc',
      estimate: false,
      counters: true,
      requestedS: intervalS,
    },
    command: {
      file: process.execPath,
      args: [worker, libraries.ioReport, libraries.coreFoundation, String(intervalS)],
      ...(process.versions['electron'] === undefined ? {} : { env: { ELECTRON_RUN_AS_NODE: '1' } }),
    },
    reader: workerOutput,
    clock: monotonicS,
    patienceS,
    markLine: 'mark',
  });
}

const messageSchema = z.union([
  z.strictObject({
    startS: z.number(),
    endS: z.number(),
    energyJ: z.partialRecord(z.enum(RAILS), z.number()),
    /** CPU time of the worker since it began, s */
    cpuS: z.number(),
  }),
  z.strictObject({
    error: z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);

/** The clock of the worker is that of the whole machine, so its times stand as they are. */
function workerOutput(): OutputReader {
  const lines = lineSplitter();
  let usedS: number | undefined;
  return {
    cpuS: () => usedS,
    push: (text) =>
      lines.push(text).map((line) => {
        const message = messageSchema.parse(JSON.parse(line));
        if (!('error' in message)) {
          const { cpuS, ...sample } = message;
          usedS = cpuS;
          return sample;
        }
        const { kind, message: sentence, hint } = message.error;
        throw new LabError(kind as ErrorKind, sentence, hint);
      }),
  };
}
