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
/** The DCGM exporter's text: the GPUs' power is added up; their counter since the driver's start is told. */
export const dcgmReader = (): TraceReader => prometheusReader(DCGM);

function prometheusReader(names: Readonly<Record<string, Rail>>): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);
  let tick: { atS: number; powerW: RailEnergy; seen: Set<string> } | undefined;
  let countedJ = 0;

  const close = (): TraceSample[] => {
    const samples = tick === undefined ? [] : spans.push(tick);
    tick = undefined;
    return samples;
  };
  const readLine = (line: string): TraceSample[] => {
    const match = /^(\w+)(\{.*\})?\s+(\S+)(?:\s+(\d+))?\s*$/.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value, stamp] = match;
    const number = Number(value);
    if (!Number.isFinite(number)) return [];
    if (name === DCGM_COUNTER) countedJ += number / 1000;
    const rail = names[name];
    if (rail === undefined) return [];
    const atS = Number(stamp ?? 0) / 1000;
    const samples = tick !== undefined && tick.seen.has(name + labels) ? close() : [];
    tick ??= { atS, powerW: {}, seen: new Set() };
    tick.seen.add(name + labels);
    tick.powerW[rail] = (tick.powerW[rail] ?? 0) + number;
    return samples;
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => {
      const samples = [...readLine(lines.rest()), ...close()];
      spans.end();
      if (countedJ > 0) {
        facts.warnings.push({
          kind: 'counter-since-start',
          message: `The energy counter stands at ${countedJ} J since the driver's start; one reading is no energy of a time.`,
        });
      }
      return samples;
    },
  };
}
