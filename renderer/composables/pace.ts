import { aboutText } from '#core/planText';

/** From this share on, what is left is told: before, it says little. */
const TELLING = 0.15;

/** How far a piece of work is. */
export interface Stage {
  readonly what: string;
  /** share of it that is done, 0 to 1; undefined where it cannot be told */
  readonly fraction: number | undefined;
  /** s, where it can be told */
  readonly remainingS: number | undefined;
}

/** What work tells of itself. */
export interface Told {
  readonly what: string;
  readonly fraction: number;
}

/** From how fast work goes on, what is left of it. */
export interface Pace {
  readonly stageOf: (told: Told) => Stage;
  /** the next word is of other work */
  readonly begin: () => void;
}

/**
 * Each part of a work has a pace of its own: what one took says nothing about the next.
 * @param nowMs a clock that only goes on
 */
export function createPace(nowMs: () => number = () => performance.now()): Pace {
  let part: { readonly what: string; readonly atMs: number; readonly fraction: number } | undefined;
  return {
    stageOf: ({ what, fraction }) => {
      if (part?.what !== what || fraction < part.fraction) part = { what, atMs: nowMs(), fraction };
      const elapsedS = (nowMs() - part.atMs) / 1000;
      const done = fraction - part.fraction;
      const canTell = fraction >= TELLING && fraction < 1 && done > 0;
      return { what, fraction, remainingS: canTell ? (elapsedS * (1 - fraction)) / done : undefined };
    },
    begin: () => (part = undefined),
  };
}

/** What is left, as people say it: "about 40 s left", "about 3 min left"; empty where it cannot be told. */
export function leftText({ remainingS }: Pick<Stage, 'remainingS'>): string {
  if (remainingS === undefined) return '';
  return remainingS < 90
    ? `about ${Math.max(1, Math.ceil(remainingS))} s left`
    : `${aboutText(remainingS)} left`;
}
