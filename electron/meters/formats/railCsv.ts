import type { RailEnergy } from '#core/meter';
import { RAILS } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';

/** A derived power trace, one line an interval and rail: `timestamp_s,power_w,source,rail,interval_start_s,…end_s`. */
export function railCsvReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  let columns: readonly string[] | undefined;
  let open: { startS: number; endS: number; energyJ: RailEnergy } | undefined;

  const close = (): TraceSample[] => {
    const samples = open === undefined ? [] : [open];
    open = undefined;
    return samples;
  };
  const readLine = (line: string): TraceSample[] => {
    const cells = cellsOf(line);
    if (columns === undefined) {
      columns = cells;
      return [];
    }
    const cell = (name: string): string | undefined => cells[columns!.indexOf(name)];
    const [startS, endS, powerW] = ['interval_start_s', 'interval_end_s', 'power_w'].map((name) =>
      numberIn(cell(name)),
    );
    const rail = RAILS.find((known) => cell('rail')?.replace(/_power$/, '') === known);
    if (startS === undefined || endS === undefined || powerW === undefined || rail === undefined) return [];
    const samples = open !== undefined && endS !== open.endS ? close() : [];
    open ??= { startS, endS, energyJ: {} };
    open.energyJ[rail] = powerW * (endS - startS);
    return samples;
  };

  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => [...readLine(lines.rest()), ...close()],
  };
}
