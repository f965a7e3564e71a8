import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { lineSplitter } from './lines.ts';
import { spansOf } from './readings.ts';

const MACMON: Readonly<Record<string, Rail>> = {
  macmon_cpu_power_watts: 'cpu',
  macmon_gpu_power_watts: 'gpu',
  macmon_ane_power_watts: 'ane',
  macmon_ram_power_watts: 'dram',
  macmon_sys_power_watts: 'machine',
};
const DCGM: Readonly<Record<string, Rail>> = { DCGM_FI_DEV_POWER_USAGE: 'gpu' };
const DCGM_COUNTER = 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION';

/** `macmon serve`: one answer, or several one after the other where lines carry their time. */
export const macmonPrometheusReader = (): TraceReader => prometheusReader(MACMON);
/**
 * The DCGM exporter's text, the GPUs added up. Between two answers the energy is what their counters grew by; before the
 * first, and where a counter is missing or starts anew, it is the power times the time.
 */
export const dcgmReader = (): TraceReader => prometheusReader(DCGM);

/** One answer: everything that was read at one time. */
interface Tick {
  readonly atS: number;
  readonly powerW: RailEnergy;
  readonly seen: Set<string>;
  /** the GPUs that tell a power, by their labels */
  readonly gpus: Set<string>;
  /** their energy counters, J since the driver's start */
  readonly counterJ: Map<string, number>;
}

function prometheusReader(names: Readonly<Record<string, Rail>>): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);
  let before: Tick | undefined;
  let tick: Tick | undefined;
  let ticks = 0;

  const close = (): TraceSample[] => {
    if (tick === undefined) return [];
    const own = tick;
    tick = undefined;
    ticks += 1;
    const samples = spans.push(own);
    const grownJ = before === undefined ? undefined : growth(before, own);
    if (samples.length > 0 && before !== undefined && grownJ !== undefined) {
      samples[samples.length - 1] = { startS: before.atS, endS: own.atS, energyJ: { gpu: grownJ } };
    }
    // An answer whose time is not after the one before is left out.
    if (before === undefined || own.atS > before.atS) before = own;
    return samples;
  };
  const readLine = (line: string): TraceSample[] => {
    const match = /^(\w+)(\{.*\})?\s+(\S+)(?:\s+(\d+))?\s*$/.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value, stamp] = match;
    const number = Number(value);
    if (!Number.isFinite(number)) return [];
    const rail = names[name];
    if (rail === undefined && name !== DCGM_COUNTER) return [];
    const samples = tick !== undefined && tick.seen.has(name + labels) ? close() : [];
    tick ??= {
      atS: Number(stamp ?? 0) / 1000,
      powerW: {},
      seen: new Set(),
      gpus: new Set(),
      counterJ: new Map(),
    };
    tick.seen.add(name + labels);
    if (rail === undefined) tick.counterJ.set(labels, number / 1000);
    else {
      tick.powerW[rail] = (tick.powerW[rail] ?? 0) + number;
      tick.gpus.add(labels);
    }
    return samples;
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => {
      const samples = [...readLine(lines.rest()), ...close()];
      spans.end();
      const countedJ = [...(before?.counterJ.values() ?? [])].reduce((total, counter) => total + counter, 0);
      if (ticks === 1 && countedJ > 0) {
        facts.warnings.push({
          kind: 'counter-since-start',
          message: `The energy counter stands at ${countedJ} J since the driver's start; one reading is no energy of a time.`,
        });
      }
      return samples;
    },
  };
}

/** What the counters of all GPUs grew by, J; undefined where one has none, or starts anew. */
function growth(before: Tick, now: Tick): number | undefined {
  if (now.gpus.size === 0 || now.gpus.size !== before.gpus.size) return undefined;
  let total = 0;
  for (const gpu of now.gpus) {
    const grown = (now.counterJ.get(gpu) ?? NaN) - (before.counterJ.get(gpu) ?? NaN);
    if (!(grown >= 0)) return undefined;
    total += grown;
  }
  return total;
}
