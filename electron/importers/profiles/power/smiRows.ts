import { gpuRounds } from '#core/gpuRounds';
import { FIRST_READING, LEFT_OUT, readingLengths } from '#core/readingLengths';
import type { TraceFacts } from '#core/traceReport';

/** The last line of a log: complete, cut while it was written, or cut within its power, which still reads as one. */
export type LastLine = 'whole' | 'cut' | 'cut-but-readable';

/** Columns of a portion of rows: µs since 1970, W, and what tells GPUs apart; NaN where a line has none. */
export interface SmiPortion {
  readonly timesUs: Float64Array;
  readonly powersW: Float64Array;
  readonly gpus?: Float64Array;
}

const DAY_US = 86_400_000_000;
/** The logger's clock and that of the requests may be apart by this, s, beside the zone. */
const CLOCK_SLACK_S = 5;

/**
 * Turns rows of a log of nvidia-smi into readings with the time for which each stands, as the meters' own reader
 * turns lines into samples.
 * @param reading takes each: its end and length on the log's clock, s, and the power of all GPUs, W
 */
export function smiRows(
  facts: TraceFacts,
  reading: (endS: number, lengthS: number, powerW: number) => void,
): {
  push: (portion: SmiPortion) => void;
  end: (last: LastLine) => void;
  /** rows without a time or a power, headers among them */
  unread: () => number;
} {
  let unread = 0;
  let originUs: number | undefined;
  const warned = new Set<string>();
  const warnOnce = (kind: string, message: string): void => {
    if (!warned.has(kind)) facts.warnings.push({ kind, message });
    warned.add(kind);
  };

  let first: { atS: number; powerW: number } | undefined;
  const lengthOf = readingLengths();
  const rounds = gpuRounds((atS, powerW) => {
    const lengthS = lengthOf(atS);
    if (lengthS > 0) {
      if (first !== undefined) reading(first.atS, lengthS, first.powerW);
      first = undefined;
      reading(atS, lengthS, powerW);
    } else if (lengthS === FIRST_READING) first = { atS, powerW };
    else if (lengthS === LEFT_OUT) {
      warnOnce('time-runs-back', 'Readings whose time is not after the one before were left out.');
    }
  });

  // The last row waits, as it may turn out to be cut.
  let waits = false;
  let waitingS = 0;
  let waitingW = 0;
  let waitingGpu: number | undefined;
  const settle = (): void => {
    if (waits) rounds.push(waitingS, waitingW, waitingGpu);
    waits = false;
  };

  return {
    push: ({ timesUs, powersW, gpus }) => {
      for (let row = 0; row < timesUs.length; row++) {
        const atUs = timesUs[row]!;
        const powerW = powersW[row]!;
        // The day of the first time is the log's day zero, whatever else its line lacks.
        if (originUs === undefined && !Number.isNaN(atUs)) originUs = Math.floor(atUs / DAY_US) * DAY_US;
        if (originUs === undefined || Number.isNaN(atUs) || !Number.isFinite(powerW)) {
          unread += 1;
          continue;
        }
        settle();
        facts.clock ??= { originS: originUs / 1e6, kind: 'local', slackS: CLOCK_SLACK_S };
        waits = true;
        waitingS = (atUs - originUs) / 1e6;
        waitingW = powerW;
        waitingGpu = gpus?.[row];
      }
    },
    end: (last) => {
      if (last === 'cut-but-readable') waits = false;
      if (last !== 'whole') warnOnce('cut-line', 'The last line is cut; it was left out.');
      settle();
      rounds.end();
      if (rounds.turns() > 1) {
        warnOnce(
          'interleaved-gpus',
          `${rounds.turns()} GPUs take turns without an index column; their power was added up.`,
        );
      }
      if (first !== undefined) {
        facts.aloneW = { gpu: first.powerW };
        warnOnce(
          'single-reading',
          'The log has one reading alone: it tells a power, but no time and so no energy.',
        );
      }
    },
    unread: () => unread,
  };
}
