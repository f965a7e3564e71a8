import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';
import { spansOf } from './readings.ts';
import { wallClock } from './wallTime.ts';

interface Columns {
  readonly time: number;
  readonly power: number;
  readonly gpu?: number;
}
interface Row {
  readonly atS: number;
  readonly powerW: number;
  readonly gpu?: string;
}

/** Where a header names what; the columns of a file without header are those of the paper. */
const BARE: Columns = { time: 0, power: 1 };
/** So many rows are looked at to tell how many GPUs take turns without an index. */
const LOOKED_AT = 64;

/** `nvidia-smi --query-gpu=timestamp,…,power.draw… --format=csv -lms …`, with or without index and units. */
export function nvidiaSmiReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);
  const clock = wallClock();
  let columns: Columns | undefined;
  let waiting: Row[] | undefined = [];
  let turns = 1;
  let tick: Row[] = [];
  let unread = 0;

  const close = (): TraceSample[] => {
    if (tick.length === 0) return [];
    const atS = tick[tick.length - 1]!.atS;
    const gpu = tick.reduce((total, row) => total + row.powerW, 0);
    tick = [];
    return spans.push({ atS, powerW: { gpu } });
  };
  const take = (row: Row): TraceSample[] => {
    const samples: TraceSample[] = [];
    const again = row.gpu === undefined ? tick.length >= turns : tick.some((other) => other.gpu === row.gpu);
    if (again) samples.push(...close());
    tick.push(row);
    if (row.gpu === undefined && tick.length >= turns) samples.push(...close());
    return samples;
  };
  const begin = (): TraceSample[] => {
    const rows = waiting ?? [];
    waiting = undefined;
    if (rows.some((row) => row.gpu === undefined)) turns = gpusTakingTurns(rows.map((row) => row.atS));
    if (turns > 1) {
      facts.warnings.push({
        kind: 'interleaved-gpus',
        message: `${turns} GPUs take turns without an index column; their power was added up.`,
      });
    }
    return rows.flatMap(take);
  };
  const readLine = (line: string, whole: boolean): TraceSample[] => {
    if (line.trim() === '') return [];
    const cells = cellsOf(line);
    if (cells.includes('timestamp')) {
      columns = columnsOf(cells);
      return [];
    }
    const { time, power, gpu } = (columns ??= BARE);
    const atS = clock(cells[time] ?? '');
    const powerW = numberIn(cells[power]);
    if (atS === undefined || powerW === undefined || (!whole && cells.length - 1 <= power)) {
      unread += 1;
      if (!whole) {
        facts.warnings.push({ kind: 'cut-line', message: 'The last line is cut; it was left out.' });
      } else if (unread === 1) {
        facts.warnings.push({
          kind: 'unread-lines',
          message: `Lines without a time or a power were left out, the first being "${line.slice(0, 60)}".`,
        });
      }
      return [];
    }
    const row: Row = { atS, powerW, ...(gpu === undefined ? {} : { gpu: cells[gpu] ?? '' }) };
    if (waiting === undefined) return take(row);
    waiting.push(row);
    return row.gpu !== undefined || waiting.length >= LOOKED_AT ? begin() : [];
  };

  return {
    facts,
    push: (text) => lines.push(text).flatMap((line) => readLine(line, true)),
    end: () => {
      const samples = readLine(lines.rest(), false);
      if (waiting !== undefined) samples.push(...begin());
      samples.push(...close());
      spans.end();
      return samples;
    },
  };
}

/** The instant power is preferred to the mean, which lags behind by a second on newer GPUs. */
function columnsOf(cells: readonly string[]): Columns {
  const find = (name: RegExp): number => cells.findIndex((cell) => name.test(cell));
  const power = [/^power\.draw\.instant/, /^power\.draw(?!\.)/, /^power\.draw\.average/]
    .map(find)
    .find((index) => index >= 0);
  const gpu = [/^index/, /^(gpu_)?uuid/, /^pci\.bus_id|^gpu_bus_id/].map(find).find((index) => index >= 0);
  return { time: find(/^timestamp/), power: power ?? -1, ...(gpu === undefined ? {} : { gpu }) };
}

/**
 * How many GPUs take turns: their rows come within a fifth of the interval, then nothing until the next round. Every
 * round must have the same number, or it is one GPU.
 */
function gpusTakingTurns(times: readonly number[]): number {
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  const longest = [...steps].sort((a, b) => a - b)[Math.floor(steps.length * 0.9)];
  if (longest === undefined) return 1;
  const rounds: number[] = [];
  let round = 1;
  for (const step of steps) {
    if (step < longest / 5) round += 1;
    else {
      rounds.push(round);
      round = 1;
    }
  }
  const size = rounds[0] ?? 1;
  return rounds.length >= 2 && rounds.every((other) => other === size) ? size : 1;
}
