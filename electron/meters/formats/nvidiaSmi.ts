import { gpuRounds } from '#core/gpuRounds';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';
import { spansOf } from './readings.ts';
import { wallClock } from './wallTime.ts';

/** Where what stands in a line. */
export interface SmiColumns {
  readonly time: number;
  readonly power: number;
  readonly gpu?: number;
}
/** The logger's clock and that of the requests may be apart by this, s, beside the zone. */
const CLOCK_SLACK_S = 5;
/** Where a header names what; the columns of a file without header are those of the paper. */
const BARE: SmiColumns = { time: 0, power: 1 };

/** `nvidia-smi --query-gpu=timestamp,…,power.draw… --format=csv -lms …`, with or without index and units. */
export function nvidiaSmiReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);
  const clock = wallClock();
  let header: readonly string[] | undefined;
  let columns: SmiColumns | undefined;
  let unread = 0;
  let samples: TraceSample[] = [];
  const rounds = gpuRounds((atS, gpu) => samples.push(...spans.push({ atS, powerW: { gpu } })));

  const readLine = (line: string, whole: boolean): void => {
    if (line.trim() === '') return;
    const cells = cellsOf(line);
    if (cells.includes('timestamp')) {
      header = cells;
      columns = undefined;
      return;
    }
    const { time, power, gpu } = (columns ??= header === undefined ? BARE : columnsOf(header, cells));
    const atS = clock.read(cells[time] ?? '');
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
      return;
    }
    facts.clock ??= { originS: clock.originS()!, kind: 'local', slackS: CLOCK_SLACK_S };
    rounds.push(atS, powerW, gpu === undefined ? undefined : (cells[gpu] ?? ''));
  };
  const taken = (): TraceSample[] => {
    const ready = samples;
    samples = [];
    return ready;
  };

  return {
    facts,
    push: (text) => {
      for (const line of lines.push(text)) readLine(line, true);
      return taken();
    },
    end: () => {
      readLine(lines.rest(), false);
      rounds.end();
      if (rounds.turns() > 1) {
        facts.warnings.push({
          kind: 'interleaved-gpus',
          message: `${rounds.turns()} GPUs take turns without an index column; their power was added up.`,
        });
      }
      spans.end();
      return taken();
    },
  };
}

/** Where the columns of a log stand, judged by its beginning. */
export function smiColumnsIn(head: string): SmiColumns {
  const [cells = [], row = []] = head.split('\n', 2).map(cellsOf);
  return cells.includes('timestamp') ? columnsOf(cells, row) : BARE;
}

/**
 * The instant power is preferred to the mean, which lags behind by a second on newer GPUs; where a GPU tells it only
 * as "[N/A]", the next.
 * @param row the first line after the header
 */
function columnsOf(header: readonly string[], row: readonly string[]): SmiColumns {
  const find = (name: RegExp): number => header.findIndex((cell) => name.test(cell));
  const powers = [/^power\.draw\.instant/, /^power\.draw(?!\.)/, /^power\.draw\.average/]
    .map(find)
    .filter((index) => index >= 0);
  const power = powers.find((index) => numberIn(row[index]) !== undefined) ?? powers[0] ?? -1;
  const gpu = [/^index/, /^(gpu_)?uuid/, /^pci\.bus_id|^gpu_bus_id/].map(find).find((index) => index >= 0);
  return { time: find(/^timestamp/), power, ...(gpu === undefined ? {} : { gpu }) };
}
