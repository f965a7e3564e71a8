import type { EnergySample, RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceSample } from '#core/traceReport';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';
import { pause } from './pause.ts';
import { boundaryOf, disjointRails, onlyRails, railsOf } from './rails.ts';
import { sampleQueue } from './sampleQueue.ts';
import { noSamples, openTrace, type TraceFile } from './traceFile.ts';

export interface ReplayOptions {
  /** start again when the trace ends (default); otherwise the iteration ends with it */
  readonly repeat?: boolean;
  /** times as fast; the power stays the same, so energies shrink with the time; Infinity does not wait at all and
   * keeps lengths and energies as recorded */
  readonly speed?: number;
}

/** So many samples are looked at to tell which rails a trace has. */
const LOOKED_AT = 100;

/**
 * A recorded power log as a meter: its samples come as if they happened now.
 * @throws LabError "file-not-readable", or "bad-trace" when it is no power log or has no energy
 */
export function replayMeter(file: string, { repeat = true, speed = 1 }: ReplayOptions = {}): Meter {
  const trace = openTrace(file);
  const rails = railsIn(trace);
  const scale = Number.isFinite(speed) ? 1 / speed : 1;
  /** the sample that is being played */
  let playing: { play: (untilS: number) => void } | undefined;

  return {
    info: {
      kind: 'replay',
      name: `replay of ${trace.name}`,
      rails,
      boundary: boundaryOf(rails),
      estimate: false,
      counters: false,
    },
    samples: (signal) => {
      const stop = new AbortController();
      const queue = sampleQueue(signal, () => {
        stop.abort();
        playing = undefined;
      });
      const run = async (): Promise<void> => {
        let originS = monotonicS();
        let waited = true;
        const place = async (sample: TraceSample, offsetS: number): Promise<void> => {
          const startS = offsetS + sample.startS * scale;
          const endS = offsetS + sample.endS * scale;
          const energyJ = onlyRails(scaled(sample.energyJ, scale), rails);
          let playedS = startS;
          const play = (untilS: number): void => {
            const toS = Math.min(endS, untilS);
            if (!(toS > playedS)) return;
            queue.push(part({ ...sample, startS, endS, energyJ }, playedS, toS));
            playedS = toS;
          };
          playing = { play };
          if (Number.isFinite(speed)) {
            const leftS = endS - monotonicS();
            if (leftS > 0) waited = await pause(leftS, stop.signal);
          }
          if (waited) play(endS);
        };
        do {
          let offsetS: number | undefined;
          let lastS = originS;
          for (const sample of trace.read().samples) {
            if (!(sample.endS > sample.startS)) continue;
            offsetS ??= originS - sample.startS * scale;
            await place(sample, offsetS);
            if (!waited || stop.signal.aborted) return;
            lastS = offsetS + sample.endS * scale;
          }
          originS = lastS;
          // An instant replay that repeats must still let others run.
          await new Promise((resolve) => setImmediate(resolve));
        } while (repeat && !stop.signal.aborted);
        queue.end();
      };
      signal.addEventListener('abort', () => stop.abort(), { once: true });
      run().catch((error: unknown) => queue.fail(error));
      return queue;
    },
    // The power inside a recorded sample is even, so it may be cut anywhere.
    mark: () => {
      playing?.play(monotonicS());
      return Promise.resolve();
    },
  };
}

/** The rails of a trace that can be added up. */
function railsIn(trace: TraceFile): Rail[] {
  const found = new Set<Rail>();
  let looked = 0;
  for (const sample of trace.read().samples) {
    for (const rail of railsOf(sample.energyJ)) found.add(rail);
    looked += 1;
    if (looked >= LOOKED_AT && found.size > 0) break;
  }
  if (found.size === 0) throw noSamples(trace);
  return disjointRails([...found]);
}

function scaled(energyJ: RailEnergy, factor: number): RailEnergy {
  const result: RailEnergy = {};
  for (const rail of railsOf(energyJ)) result[rail] = energyJ[rail]! * factor;
  return result;
}

/** A part of a sample, with its part of the energy. */
function part(sample: EnergySample, startS: number, endS: number): EnergySample {
  const share = (endS - startS) / (sample.endS - sample.startS);
  return { startS, endS, energyJ: share === 1 ? sample.energyJ : scaled(sample.energyJ, share) };
}
