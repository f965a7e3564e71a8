/** So many rows are looked at to tell how many GPUs take turns without an index. */
const LOOKED_AT = 64;

/** Rows of a log of GPUs, put together by rounds. */
export interface GpuRounds {
  /** a GPU's power, W, at a time; `gpu` tells GPUs apart, undefined where the log does not */
  push: (atS: number, powerW: number, gpu: number | string | undefined) => void;
  /** The log is over: the round that is still open. */
  end: () => void;
  /** how many GPUs take turns without an index; 1 where there is an index, or one GPU */
  turns: () => number;
}

/**
 * Adds up the power of several GPUs whose rows follow one another in a log: by their index, or where there is none,
 * by the rhythm of their rows. A round that lacks a GPU's row (the log begins or ends in it, or the row was lost) is left
 * out: the power of fewer GPUs is not that of all.
 * @param round takes each round: the time of its last row, and the power of all its rows
 */
export function gpuRounds(round: (atS: number, powerW: number) => void): GpuRounds {
  let waiting: [number, number][] | undefined = [];
  let rhythm: Rhythm = { turns: 1, gapS: Infinity };
  let seen: (number | string)[] = [];
  let rows = 0;
  let atS = 0;
  let powerW = 0;
  /** rows of a whole round, as far as is known; without an index the rhythm tells */
  let whole = 0;
  /** the first round of a log with an index, until the second tells whether it is whole */
  let first: { rows: number; atS: number; powerW: number } | undefined;
  let isFirst = true;

  const close = (): void => {
    if (rows === 0) return;
    const done = { rows, atS, powerW };
    rows = 0;
    seen = [];
    if (isFirst && rhythm.turns === 1) {
      first = done;
      whole = done.rows;
      isFirst = false;
      return;
    }
    isFirst = false;
    if (first !== undefined && first.rows >= done.rows) round(first.atS, first.powerW);
    first = undefined;
    whole = Math.max(whole, done.rows);
    if (done.rows >= Math.max(whole, rhythm.turns)) round(done.atS, done.powerW);
  };
  const add = (rowAtS: number, rowPowerW: number): void => {
    powerW = rows === 0 ? rowPowerW : powerW + rowPowerW;
    atS = rowAtS;
    rows += 1;
  };
  const taking = (rowAtS: number, rowPowerW: number): void => {
    if (rhythm.turns === 1) {
      round(rowAtS, rowPowerW);
      return;
    }
    if (rows > 0 && rowAtS - atS >= rhythm.gapS) close();
    add(rowAtS, rowPowerW);
    if (rows >= rhythm.turns) close();
  };
  const begin = (): void => {
    const looked = waiting ?? [];
    waiting = undefined;
    rhythm = rhythmOf(looked.map(([time]) => time));
    for (const [time, power] of looked) taking(time, power);
  };
  return {
    push: (rowAtS, rowPowerW, gpu) => {
      if (gpu !== undefined) {
        if (waiting !== undefined) begin();
        if (seen.includes(gpu)) close();
        seen.push(gpu);
        add(rowAtS, rowPowerW);
      } else if (waiting === undefined) {
        taking(rowAtS, rowPowerW);
      } else {
        waiting.push([rowAtS, rowPowerW]);
        if (waiting.length >= LOOKED_AT) begin();
      }
    },
    end: () => {
      if (waiting !== undefined) begin();
      close();
      if (first !== undefined) round(first.atS, first.powerW);
    },
    turns: () => rhythm.turns,
  };
}

interface Rhythm {
  /** GPUs that take turns */
  readonly turns: number;
  /** between the rows of two rounds there is at least so much time, s */
  readonly gapS: number;
}

/** So many of the rounds are alike, where rows take turns: a row may be lost now and then. */
const ALIKE = 0.8;

/**
 * How many GPUs take turns: their rows come within a fifth of the interval, then nothing until the next round. Nearly
 * every round must have the same number, or it is one GPU; the first and the last may be cut.
 */
function rhythmOf(times: readonly number[]): Rhythm {
  const one: Rhythm = { turns: 1, gapS: Infinity };
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  const longest = [...steps].sort((a, b) => a - b)[Math.floor(steps.length * 0.97)];
  if (longest === undefined) return one;
  const gapS = longest / 5;
  const rounds: number[] = [];
  let round = 1;
  for (const step of steps) {
    if (step < gapS) round += 1;
    else {
      rounds.push(round);
      round = 1;
    }
  }
  // The last round is never among them; the first tells nothing where others do.
  const told = rounds.length > 2 ? rounds.slice(1) : rounds;
  const turns = told.toSorted((a, b) => a - b)[told.length >> 1] ?? 1;
  const alike = told.filter((other) => other === turns).length;
  return rounds.length >= 2 && alike >= ALIKE * told.length ? { turns, gapS } : one;
}
