import { receiptClock } from '#core/clock';
import { LabError } from '#core/errors';
import type { EnergySample, RailEnergy } from '#core/meter';
import { childMeter, type Command, type OutputReader } from './childMeter.ts';
import { lineSplitter } from './formats/lines.ts';
import { macmonReading } from './formats/macmon.ts';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';
import { onlyRails, railsOf } from './rails.ts';

const INTERVAL_S = 0.2;

export interface MacmonOptions {
  /** the whole machine's power (SMC) instead of the parts of the chip */
  readonly machine?: boolean;
  /** both, to compare another meter with: never to be added up */
  readonly everything?: boolean;
  readonly command?: Command;
  /** no sample for so long and the meter is lost, s */
  readonly patienceS?: number;
}

/** macmon, an open program that needs no root: power of the chip's parts, or of the whole machine. */
export function macmonMeter(options: MacmonOptions = {}): Meter {
  const { machine = false, everything = false, command, patienceS = 10 } = options;
  const parts = ['cpu', 'gpu', 'ane', 'dram'] as const;
  const rails = everything ? ([...parts, 'machine'] as const) : machine ? (['machine'] as const) : parts;
  return childMeter({
    info: {
      kind: 'macmon',
      name: machine ? 'macmon, whole machine' : 'macmon',
      rails: [...rails],
      boundary: machine ? 'machine' : 'soc',
      estimate: false,
      counters: false,
      requestedS: INTERVAL_S,
    },
    command: command ?? { file: 'macmon', args: ['pipe', '-i', String(INTERVAL_S * 1000)] },
    reader: () => macmonOutput(rails),
    clock: monotonicS,
    patienceS,
  });
}

/** Each line is the mean power since the one before, so its span is the time between their receipts. */
function macmonOutput(rails: Parameters<typeof onlyRails>[1]): OutputReader {
  const lines = lineSplitter();
  const place = receiptClock();
  let lastS: number | undefined;
  return {
    push: (text, receivedS) => {
      const readings = lines
        .push(text)
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const reading = macmonReading(line);
          if (reading !== undefined) return reading;
          throw new LabError(
            'meter-lost',
            'macmon prints what is no power reading. The samples before are kept.',
            'Its version may be too new or too old; choose another meter.',
          );
        });
      if (readings.length === 0) return [];
      const sinceS = receivedS - (lastS ?? receivedS - INTERVAL_S * readings.length);
      lastS = receivedS;
      // After a stall, a reading stands for an interval, not for the time in which none came.
      const lengthS = Math.min(sinceS / readings.length, 3 * INTERVAL_S);
      const spans = place(
        readings.map(() => lengthS),
        receivedS,
      );
      return readings.map(({ powerW }, i): EnergySample => {
        const energyJ: RailEnergy = {};
        for (const rail of railsOf(powerW))
          energyJ[rail] = powerW[rail]! * (spans[i]!.endS - spans[i]!.startS);
        return { ...spans[i]!, energyJ: onlyRails(energyJ, rails) };
      });
    },
  };
}
