import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';

const RAIL_NAMES: Readonly<Record<string, Rail>> = {
  Processor: 'package',
  IA: 'cpu',
  DRAM: 'dram',
  GT: 'gpu',
};

/** Intel Power Gadget's CSV: cumulative energies, so a sample is the difference of two lines. */
export function powerGadgetReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  let columns: { time: number; energies: { index: number; rail: Rail }[] } | undefined;
  let last = { atS: 0, energyJ: {} as RailEnergy };

  const readLine = (line: string): TraceSample[] => {
    const cells = cellsOf(line);
    if (columns === undefined) {
      const time = cells.findIndex((cell) => cell.startsWith('Elapsed Time'));
      if (time < 0) return [];
      const energies = cells.flatMap((cell, index) => {
        const rail = RAIL_NAMES[/^Cumulative (\w+) Energy_\d+\s?\(Joules\)$/.exec(cell)?.[1] ?? ''];
        return rail === undefined ? [] : [{ index, rail }];
      });
      columns = { time, energies };
      return [];
    }
    const atS = numberIn(cells[columns.time]);
    if (atS === undefined || !(atS > last.atS)) return [];
    const counted: RailEnergy = {};
    for (const { index, rail } of columns.energies) {
      const energy = numberIn(cells[index]);
      if (energy !== undefined) counted[rail] = (counted[rail] ?? 0) + energy;
    }
    const energyJ: RailEnergy = {};
    for (const { rail } of columns.energies) {
      if (counted[rail] !== undefined) energyJ[rail] = counted[rail] - (last.energyJ[rail] ?? 0);
    }
    const sample = { startS: last.atS, endS: atS, energyJ };
    last = { atS, energyJ: { ...last.energyJ, ...counted } };
    return [sample];
  };

  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => readLine(lines.rest()),
  };
}
