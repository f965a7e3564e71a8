import type { News, Watchman } from './watchman.ts';

/** A run, as far as it can be held. */
export interface Held {
  readonly watchman: Pick<Watchman, 'look' | 'holds' | 'accept'>;
  /** whether it is paused, by its user or by us */
  readonly isPaused: () => boolean;
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly tell: (news: News) => void;
  /** resolves when the user lets it go on, or it is ended */
  readonly released: () => Promise<void>;
  readonly ended: () => boolean;
  /** how often to look whether what holds it is over, ms */
  readonly lookEveryMs: number;
}

/**
 * Holds a run between two trials: for as long as its user has paused it, and by itself while something lasts that
 * would spoil the next trial. What it was held for by itself ends by itself.
 * @returns whether it was held, so that the idle baseline is of another time
 */
export async function holdWhile(run: Held): Promise<boolean> {
  const { watchman } = run;
  const look = async (): Promise<void> => {
    for (const news of await watchman.look()) run.tell(news);
  };
  await look();
  const byItself = watchman.holds && !run.isPaused();
  if (byItself) run.pause();
  if (!run.isPaused()) return false;
  const released = run.released();
  while (run.isPaused() && !run.ended()) {
    await firstOf(released, run.lookEveryMs);
    if (!run.isPaused() || run.ended()) break;
    await look();
    if (byItself && !watchman.holds) run.goOn();
  }
  watchman.accept();
  return true;
}

/** Resolves with the promise or after so many ms, whichever comes first. */
function firstOf(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
