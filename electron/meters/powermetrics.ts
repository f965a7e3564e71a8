import { receiptClock } from '#core/clock';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { childMeter, type Command, type OutputReader } from './childMeter.ts';
import {
  cpuShareOf,
  isCpuMisread,
  plistSplitter,
  powermetricsSample,
  type PowermetricsSample,
} from './formats/powermetricsPlist.ts';
import { freshOnly } from './freshOnly.ts';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';
import { disjointRails, onlyRails, railsOf } from './rails.ts';

const INTERVAL_S = 0.2;
export const POWERMETRICS = '/usr/bin/powermetrics';
/** What is asked for; macOS 11, 12 and Intel Macs print the ANE with the CPU, or have none, and know no such sampler. */
export const SAMPLERS = 'cpu_power,gpu_power,ane_power,thermal,tasks';
export const SAMPLERS_WITHOUT_ANE = 'cpu_power,gpu_power,thermal,tasks';
/** Short flags: the long ones have other names from release to release. */
export const powermetricsArgs = (samplers: string): readonly string[] => [
  '-f',
  'plist',
  '-i',
  String(INTERVAL_S * 1000),
  '-b',
  '0',
  '--samplers',
  samplers,
  '--show-process-energy',
];
/**
 * A busy CPU at 0 mW for so long is misread, s. Chips that publish their counters every 2 s or so alternate several
 * samples of 0 mW with one that has all their energy, and are not.
 */
const MISREAD_S = 6;

export interface PowermetricsOptions {
  /** what the elevated helper writes for reader after reader; without it, `sudo -n` must be allowed */
  readonly helper?: { readonly stream: string; readonly pid: () => number | undefined };
  /** tests bring a stand-in */
  readonly command?: Command;
  /** for systems whose powermetrics knows no sampler of the ANE's own */
  readonly withoutAne?: boolean;
  /** the processes whose share of the CPU's energy is wanted */
  readonly pids?: readonly number[];
  readonly patienceS?: number;
}

/** powermetrics, Apple's own meter. It needs root, and adds the share of processes in the CPU's energy. */
export function powermetricsMeter(options: PowermetricsOptions = {}): Meter {
  const { helper, pids = [], patienceS = 10, withoutAne = false } = options;
  const args = powermetricsArgs(withoutAne ? SAMPLERS_WITHOUT_ANE : SAMPLERS);
  const command: Command =
    options.command ??
    (helper === undefined
      ? { file: 'sudo', args: ['-n', POWERMETRICS, ...args] }
      : { file: '/bin/cat', args: [helper.stream] });
  return childMeter({
    info: {
      kind: 'powermetrics',
      name: 'powermetrics',
      rails: ['cpu', 'gpu', 'ane'],
      boundary: 'soc',
      estimate: false,
      counters: false,
      requestedS: INTERVAL_S,
    },
    command,
    reader: () => powermetricsOutput(pids, helper === undefined ? undefined : monotonicS()),
    ...(helper === undefined ? {} : { behind: helper.pid }),
    clock: monotonicS,
    patienceS,
    explain: (complaint) =>
      /unrecognized sampler/i.test(complaint)
        ? unknownSampler(complaint)
        : /password is required|a terminal is required|superuser|not allowed|may not run/i.test(complaint)
          ? new LabError(
              'meter-permission',
              'powermetrics needs administrator rights, which it does not have here.',
              'On the command line type "sudo -v", which asks for the password itself, then the same command again. In the window choose "Allow for this session…".',
            )
          : undefined,
  });
}

/** The sentence by which it is known that there is no sampler of the ANE's own here. */
export const UNKNOWN_SAMPLER = /does not know a sampler/;

function unknownSampler(complaint: string): LabError {
  const name = /unrecognized sampler:?\s*(\S+)/i.exec(complaint)?.[1] ?? 'that it was asked for';
  return new LabError(
    'meter-missing',
    `The powermetrics of this macOS does not know a sampler (${name}).`,
    'Choose the meter ioreport, or macmon.',
  );
}

/** @param openedS when a stream was opened that may hold what is old and a first sample that is cut */
function powermetricsOutput(pids: readonly number[], openedS?: number): OutputReader {
  const plists = plistSplitter();
  const place = receiptClock();
  const fresh = openedS === undefined ? undefined : freshOnly<PowermetricsSample>(openedS);
  let isFirst = openedS !== undefined;
  let misreadS = 0;
  const whole = (xml: string): boolean => {
    const cut = isFirst && !/^<(\?xml|!DOCTYPE|plist)/.test(xml);
    isFirst = false;
    return !cut;
  };
  const check = (sample: PowermetricsSample | undefined): PowermetricsSample => {
    if (sample === undefined) {
      throw new LabError(
        'meter-lost',
        'powermetrics prints what is no power reading. The samples before are kept.',
        'Its version may be too new or too old; choose another meter.',
      );
    }
    misreadS = isCpuMisread(sample) ? misreadS + sample.elapsedS : 0;
    if (misreadS < MISREAD_S) return sample;
    throw new LabError(
      'meter-lost',
      'powermetrics says that the CPU draws 0 mW while it is busy, as a beta of macOS 27 does. The samples before are kept, but those of the CPU are wrong.',
      'Choose the meter ioreport, which reads the counters itself.',
    );
  };
  return {
    push: (text, receivedS) => {
      const read = plists
        .push(text)
        .filter(whole)
        .map((xml) => check(powermetricsSample(xml, pids)));
      const samples = fresh?.(read, receivedS) ?? read;
      const spans = place(
        samples.map(({ elapsedS }) => elapsedS),
        receivedS,
      );
      return samples.map((sample, i): EnergySample => {
        const cpuShare = cpuShareOf(sample, pids);
        return {
          ...spans[i]!,
          energyJ: onlyRails(sample.energyJ, disjointRails(railsOf(sample.energyJ))),
          ...(cpuShare === undefined ? {} : { cpuShare }),
        };
      });
    },
  };
}
