import { randomUUID } from 'node:crypto';
import type { ActiveRun, RunNews } from '#core/activeRun';
import { LabError } from '#core/errors';
import type { Run } from '#core/run';
import { parseRunRequest, planOf, type RunRequest } from '#core/runRequest';
import type { Plan } from '#core/sweep';
import { ActiveState } from './activeState.ts';
import { carryOutRun, type RunWork } from './carryOutRun.ts';
import type { RunSurroundings } from './runSurroundings.ts';

/** A run that was begun. */
interface Going {
  readonly state: ActiveState;
  readonly request: RunRequest;
  readonly stop: AbortController;
  ended: Promise<void>;
  /** nothing of it goes on any more; one that was interrupted is over, and paused for whoever resumes it */
  over: boolean;
  readonly go: (() => void)[];
}

/** One run at a time: started, held, gone on with, ended; everything it does is stored as it happens. */
export class Runs {
  #active: Going | undefined;
  #cancelled = false;
  readonly #listeners = new Set<(news: RunNews) => void>();

  constructor(private readonly here: RunSurroundings) {}

  /** @returns the function that ends the listening */
  watch(listener: (news: RunNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The run under way, or the last one that ended since the start. */
  active(): ActiveRun | null {
    return this.#active?.state.run ?? null;
  }

  /** What the run under way was asked for; undefined when none is. */
  underWay(): RunRequest | undefined {
    return this.#going()?.request;
  }

  /**
   * Begins a run. What goes wrong later is told as news, and stored.
   * @param id of the run, which no other has; made up where it is left out
   * @throws LabError "bad-setting" when the request is wrong, or a run is under way
   */
  start(asked: unknown, id = newId(this.here.now())): ActiveRun {
    const request = parseRunRequest(asked);
    const plan = planOf(request);
    return this.#begin(id, request, plan, undefined);
  }

  /**
   * Goes on with a run that was paused, cancelled, failed or interrupted.
   * @throws LabError "unknown-run", "bad-setting"
   */
  resume(id: string): ActiveRun {
    const run = this.here.store.find(id);
    if (run === undefined) {
      throw new LabError('unknown-run', `There is no run "${id}".`, 'crossover runs list shows them all.');
    }
    if (run.request === undefined) {
      throw new LabError(
        'bad-setting',
        `The run ${id} was not made here, so it cannot go on.`,
        'Start a new one.',
      );
    }
    if (run.state === 'done') {
      throw new LabError(
        'bad-setting',
        `The run ${id} is done: there is nothing to go on with.`,
        'Start a new one.',
      );
    }
    return this.#begin(id, run.request, run.plan, run);
  }

  /** Holds the run before its next trial. */
  pause(): void {
    const active = this.#going();
    if (active === undefined || active.state.run.state === 'paused') return;
    active.state.hold(true);
    this.here.store.update(active.state.run.id, { state: 'paused' });
  }

  /** Lets a held run go on. */
  continue(): void {
    const active = this.#going();
    if (active?.state.run.state !== 'paused') return;
    active.state.hold(false);
    this.here.store.update(active.state.run.id, { state: 'running' });
    for (const go of active.go.splice(0)) go();
  }

  /** Ends the run under way at once; its completed trials stay, and it can be resumed. */
  cancel(): void {
    this.#cancelled = true;
    this.#interrupt();
  }

  /** Stops the run under way at once and leaves it paused, as when the program is closed. */
  interrupt(): void {
    this.#cancelled = false;
    this.#interrupt();
  }

  /** The run under way. */
  #going(): Going | undefined {
    const active = this.#active;
    return active === undefined || active.over || hasEnded(active.state.run.state) ? undefined : active;
  }

  #interrupt(): void {
    const active = this.#going();
    if (active === undefined) return;
    active.stop.abort();
    for (const go of active.go.splice(0)) go();
  }

  /** Resolves when the run under way has ended, however it did. */
  async ended(): Promise<ActiveRun | null> {
    await this.#active?.ended;
    return this.active();
  }

  async close(): Promise<void> {
    this.interrupt();
    await this.#active?.ended;
  }

  #begin(id: string, request: RunRequest, plan: Plan, before: Run | undefined): ActiveRun {
    if (this.#going() !== undefined) {
      throw new LabError(
        'bad-setting',
        'A run is under way, so no other was started: two would disturb each other.',
        'Wait for it, or cancel it.',
      );
    }
    this.#cancelled = false;
    const trials = before === undefined ? [] : this.here.store.trials(id);
    const state = new ActiveState(id, request, plan, trials, (news) => {
      for (const listener of this.#listeners) listener(news);
    });
    const stop = new AbortController();
    const go: (() => void)[] = [];
    const active: Going = { state, request, stop, go, over: false, ended: Promise.resolve() };
    this.#active = active;
    const work: RunWork = {
      state,
      stop: stop.signal,
      stoppedAs: () => (this.#cancelled ? 'cancelled' : 'paused'),
      request,
      plan,
      before,
      trials,
      go,
      pause: () => this.pause(),
      goOn: () => this.continue(),
    };
    active.ended = carryOutRun(this.here, work).finally(() => (active.over = true));
    return state.run;
  }
}

const hasEnded = (state: ActiveRun['state']): boolean => ['done', 'cancelled', 'failed'].includes(state);

/** A short id that sorts by time: run-20261123-1a2b3c. */
function newId(now: Date): string {
  return `run-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${randomUUID().slice(0, 6)}`;
}
