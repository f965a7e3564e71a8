/** A meter and an engine in a time of their own, for tests: no test waits for a real second. */
import type { QueryRecord } from '#core/engine';
import type { EnergySample, MeterInfo } from '#core/meter';
import type { Rail } from '#core/profile';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';

export interface SimulationOptions {
  readonly idleW?: number;
  readonly busyW?: number;
  /** s between samples */
  readonly cadenceS?: number;
  /** s of a query of m input and n output tokens, until its first token and to its end */
  readonly prefillS?: (m: number, n: number, count: number) => number;
  readonly decodeS?: (m: number, n: number, count: number) => number;
  /** s between being asked for a query and its beginning, in which nothing runs */
  readonly pauseS?: number;
  /** power of each rail while a query runs and otherwise, in place of the package's */
  readonly rails?: Partial<Record<Rail, readonly [busyW: number, idleW: number]>>;
  /** changes what a query reports */
  readonly record?: (record: QueryRecord, count: number) => QueryRecord;
  /** spans in which the meter gives nothing */
  readonly gaps?: readonly { readonly startS: number; readonly endS: number }[];
  /** the meter's samples come, and are placed, so much too late, s */
  readonly delayS?: number;
  /** added to the power of a sample, W */
  readonly noiseW?: () => number;
  /** the meter fails when this time has come */
  readonly meterFailsAtS?: number;
}

export interface Simulation {
  readonly meter: Meter;
  readonly engine: Engine;
  readonly clock: () => number;
  readonly queries: readonly { readonly m: number; readonly n: number; readonly seed: number }[];
}

/** Power is `busyW` while a query runs and `idleW` otherwise; the meter drives the time, sample by sample. */
export function simulate(options: SimulationOptions = {}): Simulation {
  const { idleW = 2, busyW = 10, cadenceS = 0.1, gaps = [], pauseS = 0 } = options;
  const { delayS = 0, noiseW = () => 0 } = options;
  const rails = options.rails ?? { package: [busyW, idleW] };
  const prefillS = options.prefillS ?? ((m) => m / 100);
  const decodeS = options.decodeS ?? ((_, n) => n / 10);
  let nowS = 1000;
  const busy: { startS: number; endS: number }[] = [];
  let waiting: { atS: number; resolve: () => void }[] = [];
  const queries: { m: number; n: number; seed: number }[] = [];

  const busyTime = (startS: number, endS: number): number =>
    busy.reduce(
      (total, span) => total + Math.max(0, Math.min(endS, span.endS) - Math.max(startS, span.startS)),
      0,
    );

  const info: MeterInfo = {
    kind: 'rapl',
    name: 'simulated meter',
    rails: Object.keys(rails) as Rail[],
    boundary: 'soc',
    estimate: false,
    counters: false,
    requestedS: cadenceS,
  };
  const meter: Meter = {
    info,
    async *samples(signal) {
      while (!signal.aborted) {
        const startS = nowS;
        await new Promise((resolve) => setImmediate(resolve));
        nowS = startS + cadenceS;
        if (options.meterFailsAtS !== undefined && nowS >= options.meterFailsAtS) {
          throw new Error('the simulated meter failed');
        }
        const due = waiting.filter(({ atS }) => atS <= nowS);
        waiting = waiting.filter(({ atS }) => atS > nowS);
        for (const { resolve } of due) resolve();
        if (gaps.some((gap) => startS >= gap.startS && nowS <= gap.endS)) continue;
        const active = busyTime(startS - delayS, nowS - delayS);
        const sample: EnergySample = {
          startS,
          endS: nowS,
          energyJ: Object.fromEntries(
            Object.entries(rails).map(([rail, [busy, idle]]) => [
              rail,
              idle * (cadenceS - active) + busy * active + noiseW() * cadenceS,
            ]),
          ),
        };
        yield sample;
      }
    },
  };

  const until = (atS: number): Promise<void> => new Promise((resolve) => waiting.push({ atS, resolve }));
  const engine: Engine = {
    info: {
      kind: 'embedded',
      name: 'simulated engine',
      version: '1',
      model: { id: 'simulated', name: 'Simulated', quantisation: 'F16', synthetic: true },
      kvCache: true,
      batch: 1,
      device: 'none',
    },
    pids: [],
    async query(m, n, { seed, signal }) {
      const count = queries.length;
      queries.push({ m, n, seed });
      const startS = nowS + pauseS;
      const firstTokenS = startS + prefillS(m, n, count);
      const endS = firstTokenS + decodeS(m, n, count);
      const span = { startS, endS };
      busy.push(span);
      let wake = (): void => {};
      const aborted = new Promise<void>((resolve) => (wake = resolve));
      signal.addEventListener('abort', wake, { once: true });
      await Promise.race([until(endS), aborted]);
      signal.removeEventListener('abort', wake);
      if (signal.aborted) {
        span.endS = nowS;
        throw new Error('aborted');
      }
      const record = { startS, firstTokenS, endS, inputTokens: m, outputTokens: n, cachedTokens: 0 };
      return options.record?.(record, count) ?? record;
    },
    close: () => Promise.resolve(),
  };
  return { meter, engine, clock: () => nowS, queries };
}
