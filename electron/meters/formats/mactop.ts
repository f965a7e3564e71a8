import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader } from '#core/traceReport';
import { splitter } from './lines.ts';
import { spansOf } from './readings.ts';

/** Watts. `total_power` is left alone: it adds the parts to the whole machine, which holds them already. */
const KEYS: readonly (readonly [string, Rail])[] = [
  ['cpu_power', 'cpu'],
  ['gpu_power', 'gpu'],
  ['ane_power', 'ane'],
  ['dram_power', 'dram'],
  ['system_power', 'machine'],
];

/** mactop's headless JSON: objects in an array or one after the other, each with `timestamp` and `soc_metrics`. */
export function mactopReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  // Only the numbers of soc_metrics are needed, and that object has no object inside.
  const objects = splitter('}');
  const spans = spansOf(facts);
  let atS: number | undefined;

  return {
    facts,
    push: (text) =>
      objects.push(text).flatMap((piece) => {
        const stamp = /"timestamp"\s*:\s*"([^"]+)"/.exec(piece)?.[1];
        if (stamp !== undefined) atS = Date.parse(stamp) / 1000;
        const metrics = /"soc_metrics"\s*:\s*\{([^{]*)$/.exec(piece)?.[1];
        if (metrics === undefined) return [];
        const powerW: RailEnergy = {};
        for (const [key, rail] of KEYS) {
          const power = new RegExp(`"${key}"\\s*:\\s*(-?[0-9.]+(?:e[+-]?\\d+)?)`, 'i').exec(metrics)?.[1];
          if (power !== undefined) powerW[rail] = Number(power);
        }
        return spans.push({ atS: Number.isFinite(atS) ? atS! : 0, powerW });
      }),
    end: () => {
      spans.end();
      return [];
    },
  };
}
