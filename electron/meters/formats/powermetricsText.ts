import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { lineSplitter } from './lines.ts';

const HEADER = /^\*\*\* Sampled system activity \((.*)\) \((\d+(?:\.\d+)?)ms elapsed\) \*\*\*/;
/** Whole-chip lines only. Those of clusters have names that change with the chip, and are parts of the CPU's. */
const POWERS: readonly (readonly [RegExp, Rail])[] = [
  [/^(?:CPU|Clusters Total) Power: (\d+(?:\.\d+)?) ?(m?W)/i, 'cpu'],
  [/^GPU Power: (\d+(?:\.\d+)?) ?(m?W)/i, 'gpu'],
  [/^ANE Power: (\d+(?:\.\d+)?) ?(m?W)/i, 'ane'],
  [/^DRAM Power: (\d+(?:\.\d+)?) ?(m?W)/i, 'dram'],
  [/^Package Power: (\d+(?:\.\d+)?) ?(m?W)/i, 'package'],
  [/^Intel energy model derived package power \(.*\): (\d+(?:\.\d+)?) ?(m?W)/i, 'package'],
];
const BUSY_CORES = 0.05;
/** Stamps are whole seconds, written after the sample, s. */
const STAMP_SLACK_S = 3;

/** `powermetrics` as text, macOS 11 and later, Apple silicon and Intel. */
export function powermetricsTextReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  let nowS = 0;
  let originS: number | undefined;
  let open: { startS: number; endS: number; energyJ: RailEnergy; elapsedS: number } | undefined;
  let busyCores = 0;
  let suspected = false;

  const close = (): TraceSample[] => {
    if (open === undefined) return [];
    const { startS, endS, energyJ } = open;
    if (energyJ.cpu === 0 && busyCores > BUSY_CORES && !suspected) {
      suspected = true;
      facts.warnings.push({
        kind: 'cpu-zero-while-busy',
        message: 'The CPU is said to draw 0 mW while tasks use it: its energy here is not to be trusted.',
      });
    }
    open = undefined;
    busyCores = 0;
    return [{ startS, endS, energyJ }];
  };
  const readLine = (line: string): TraceSample[] => {
    const header = HEADER.exec(line);
    if (header !== null) {
      const samples = close();
      const elapsedS = Number(header[2]) / 1000;
      const stampS = Date.parse(header[1]!) / 1000;
      // Stamps are whole seconds: they tell a gap only when it is longer than they are coarse.
      if (originS === undefined) {
        originS = stampS - elapsedS;
        if (Number.isFinite(originS)) facts.clock = { originS, kind: 'utc', slackS: STAMP_SLACK_S };
      }
      if (stampS - elapsedS - originS - nowS > 2) nowS = stampS - elapsedS - originS;
      open = { startS: nowS, endS: nowS + elapsedS, energyJ: {}, elapsedS };
      nowS += elapsedS;
      return samples;
    }
    if (open === undefined) return [];
    const tasks = /^ALL_TASKS\s+-2\s+(\d+(?:\.\d+)?)/.exec(line);
    if (tasks !== null) busyCores = Number(tasks[1]) / 1000;
    for (const [pattern, rail] of POWERS) {
      const match = pattern.exec(line);
      if (match === null) continue;
      const powerW = Number(match[1]) / (match[2]!.toLowerCase() === 'mw' ? 1000 : 1);
      // The GPU is printed once by each sampler that knows it: the same power, not more of it.
      open.energyJ[rail] = powerW * open.elapsedS;
    }
    return [];
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => [...readLine(lines.rest()), ...close()],
  };
}
