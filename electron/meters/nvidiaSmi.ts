import { receiptClock } from '#core/clock';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { childMeter, type Command, type OutputReader } from './childMeter.ts';
import { nvidiaSmiReader } from './formats/nvidiaSmi.ts';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';

const INTERVAL_S = 0.1;
const QUERY = 'timestamp,index,power.draw.instant,power.draw,utilization.gpu,temperature.gpu,clocks.sm';
/** Driver releases before 535 know no instant power. */
const OLD_QUERY = 'timestamp,index,power.draw,utilization.gpu,temperature.gpu,clocks.sm';

export interface NvidiaSmiOptions {
  readonly file?: string;
  readonly args?: readonly string[];
  readonly patienceS?: number;
  /** for old drivers: the mean power alone */
  readonly old?: boolean;
}

/** nvidia-smi: power of all GPUs together. On A100 and H100 it covers a quarter of the time: repeat queries often. */
export function nvidiaSmiMeter({ file, args, patienceS = 10, old = false }: NvidiaSmiOptions = {}): Meter {
  const command: Command = {
    file: file ?? 'nvidia-smi',
    args: args ?? [
      `--query-gpu=${old ? OLD_QUERY : QUERY}`,
      '--format=csv',
      '-lms',
      String(INTERVAL_S * 1000),
    ],
  };
  return childMeter({
    info: {
      kind: 'nvidia-smi',
      name: 'nvidia-smi',
      rails: ['gpu'],
      boundary: 'gpu',
      estimate: false,
      counters: false,
      requestedS: INTERVAL_S,
    },
    command,
    reader: nvidiaOutput,
    clock: monotonicS,
    patienceS,
    explain: (complaint) =>
      /not a valid field|failed because|couldn't communicate|No devices/i.test(complaint)
        ? new LabError(
            'meter-missing',
            `nvidia-smi cannot read the GPU: ${complaint.trim().split('\n')[0]!.replace(/\.$/, '')}.`,
            'Check the driver, or choose another meter.',
          )
        : undefined,
  });
}

/** Its own stamps tell the lengths; the receipt tells where they are on our clock. */
function nvidiaOutput(): OutputReader {
  const reader = nvidiaSmiReader();
  const place = receiptClock();
  return {
    push: (text, receivedS) => {
      const samples = reader.push(text);
      if (reader.facts.warnings.some(({ kind }) => kind === 'unread-lines')) {
        throw new LabError(
          'meter-lost',
          'nvidia-smi prints what is no power reading. The samples before are kept.',
          'See what nvidia-smi says when it is started by hand.',
        );
      }
      const spans = place(
        samples.map(({ startS, endS }) => endS - startS),
        receivedS,
      );
      return samples.map(({ energyJ }, i): EnergySample => ({ ...spans[i]!, energyJ }));
    },
  };
}
