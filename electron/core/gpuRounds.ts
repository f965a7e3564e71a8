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
 * by the rhythm of their rows.
 * @param round takes each round: the time of its last row, and the power of all its rows
 */
export function gpuRounds(round: (atS: number, powerW: number) => void): GpuRounds {
  let waiting: [number, number][] | undefined = [];
  let turns = 1;
  let seen: (number | string)[] = [];
  let rows = 0;
  let atS = 0;
  let powerW = 0;

  const close = (): void => {
    if (rows === 0) return;
    rows = 0;
    seen = [];
    round(atS, powerW);
  };
  const add = (rowAtS: number, rowPowerW: number): void => {
    powerW = rows === 0 ? rowPowerW : powerW + rowPowerW;
    atS = rowAtS;
    rows += 1;
  };
  const taking = (rowAtS: number, rowPowerW: number): void => {
    if (turns === 1) {
      round(rowAtS, rowPowerW);
      return;
    }
    add(rowAtS, rowPowerW);
    if (rows >= turns) close();
  };
  const begin = (): void => {
    const looked = waiting ?? [];
    waiting = undefined;
    turns = gpusTakingTurns(looked.map(([time]) => time));
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
    },
    turns: () => turns,
  };
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
