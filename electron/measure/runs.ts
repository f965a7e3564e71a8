import { randomUUID } from 'node:crypto';
import type { ActiveRun, RunNews } from '#core/activeRun';
import { modelText } from '#core/engine';
import { LabError } from '#core/errors';
import { totalOf, type EnergySample } from '#core/meter';
import { idlePowers, type Environment, type Run, type RunEvent, type RunState } from '#core/run';
import { profileFromRun } from '#core/runProfile';
import { parseRunRequest, planOf, type RunRequest } from '#core/runRequest';
import { shardName } from '#core/shards';
import type { Plan } from '#core/sweep';
import { withTrial, type Trial } from '#core/trial';
import type { AskedEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';
import { ActiveState } from './activeState.ts';
import { refuseOther } from './refuseOther.ts';
import { crossCheck, crossCheckEvent } from './crossCheck.ts';
import { holdWhile } from './holdWhile.ts';
import { carryOut } from './runner.ts';
import { BEAT_S, Watchman, type PowerReader } from './watchman.ts';

/** Where runs are kept. */
export interface RunStore {
  create(run: Run): void;
  update(id: string, changes: { state?: RunState; endedAt?: string | undefined; truth?: Run['truth'] }): void;
  find(id: string): Run | undefined;
  trials(id: string): readonly Trial[];
  putTrial(id: string, trial: Trial): void;
  putEvent(id: string, event: RunEvent): void;
  events(id: string): readonly RunEvent[];
  /** where the run's clock stands: behind everything that it has, s */
  endS(id: string): number;
  samples(id: string): { push(samples: readonly EnergySample[]): void; flush(): void; close(): void };
  putProfile(profile: NonNullable<ReturnType<typeof profileFromRun>>, run: string): void;
}

export interface RunSurroundings {
  readonly store: RunStore;
  readonly modelFolder: string;
  readonly openEngine: (asked: AskedEngine) => Promise<Engine>;
  readonly chooseMeter: (asked: string, pids: readonly number[]) => Promise<Meter>;
  /** another meter to compare this one with, where that is due and one is there */
  readonly companionOf?: (meter: Meter, environment: Environment) => Promise<Meter | undefined>;
  readonly clock: () => number;
  readonly now: () => Date;
  readonly environment: () => Promise<Environment>;
  readonly powerState: PowerReader;
  /** of the heartbeat that notices sleep, s; the clock where no test makes its own time */
  readonly beatClock?: () => number;
  readonly lookEveryMs?: number;
  /** keeps the computer awake until called */
  readonly keepAwake: () => (() => void) | undefined;
}

/** While a run is held by itself, it is looked so often whether that is over, ms. */
const LOOK_EVERY_MS = 5000;
/** A run that goes on after a pause of its program begins this long after what it has, s. */
const RESUME_GAP_S = 1;

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
    active.ended = this.#carryOut({ state, stop: stop.signal, go, request, plan, before, trials }).finally(
      () => (active.over = true),
    );
    return state.run;
  }

  async #carryOut(work: {
    state: ActiveState;
    stop: AbortSignal;
    go: (() => void)[];
    request: RunRequest;
    plan: Plan;
    before: Run | undefined;
    trials: readonly Trial[];
  }): Promise<void> {
    const { state, stop, go, request, plan, before, trials } = work;
    const { store } = this.here;
    const id = state.run.id;
    // Begun in the next turn, so that whoever started the run has its state before the first news.
    await Promise.resolve();
    let engine: Engine | undefined;
    let created = before !== undefined;
    const awake = this.here.keepAwake();
    try {
      engine = await this.here.openEngine({
        engine: request.engine,
        model: request.model,
        kvCache: request.kvCache,
        ...(request.url === undefined ? {} : { url: request.url }),
        ...(before?.engine.threads === undefined ? {} : { threads: before.engine.threads }),
        cacheFolder: this.here.modelFolder,
        onProgress: ({ what, fraction }) => state.change({ what: preparing(what), fraction }),
        signal: stop,
      });
      const meter = await this.here.chooseMeter(request.meter, engine.pids);
      const run: Run = {
        id,
        name: request.name ?? before?.name ?? nameOf(engine, plan),
        note: before?.note ?? '',
        state: 'running',
        startedAt: before?.startedAt ?? this.here.now().toISOString(),
        request,
        plan,
        engine: engine.info,
        meter: meter.info,
        environment: await this.here.environment(),
      };
      if (before !== undefined) refuseOther(before, run);
      if (created) store.update(id, { state: 'running', endedAt: undefined });
      else store.create(run);
      created = true;
      state.change({
        name: run.name,
        engine: engine.info.name,
        model: modelText(engine.info.model),
        meter: meter.info.name,
        estimate: meter.info.estimate,
        fraction: undefined,
        what: 'starting the meter',
      });
      await this.#compare({ state, stop, run, meter, engine });
      await this.#measure({ state, stop, go, run, meter, engine, trials });
      store.update(id, { state: 'done', endedAt: this.here.now().toISOString() });
      state.change({ state: 'done', what: 'done', query: undefined, ...NOTHING_LEFT });
    } catch (thrown) {
      this.#end(thrown, state, stop, created);
    } finally {
      state.close();
      awake?.();
      await engine?.close();
    }
  }

  /** Compares the meter with another one, and says what that found. */
  async #compare(work: {
    state: ActiveState;
    stop: AbortSignal;
    run: Run;
    meter: Meter;
    engine: Engine;
  }): Promise<void> {
    const { state, stop, run, meter, engine } = work;
    const { companionOf, clock, store } = this.here;
    const other = await companionOf?.(meter, run.environment);
    if (other === undefined || stop.aborted) return;
    state.change({ what: `comparing ${meter.info.name} with ${other.info.name}` });
    const check = await crossCheck({ own: meter, other, engine, clock, signal: stop });
    if (check === undefined) return;
    const event = crossCheckEvent(check, store.endS(run.id));
    store.putEvent(run.id, event);
    if (!check.agrees) state.change({ warnings: [...state.run.warnings, event.message] });
  }

  /** Says how a run ended that did not reach its end. */
  #end(thrown: unknown, state: ActiveState, stop: AbortSignal, created: boolean): void {
    const id = state.run.id;
    if (stop.aborted) {
      const ended: RunState = this.#cancelled ? 'cancelled' : 'paused';
      if (created)
        this.#tryToStore(() =>
          this.here.store.update(id, { state: ended, endedAt: this.here.now().toISOString() }),
        );
      state.change({ state: ended, what: ended, query: undefined, ...NOTHING_LEFT });
      return;
    }
    state.fail(thrown);
    if (!created) return;
    this.#tryToStore(() => {
      this.here.store.update(id, { state: 'failed', endedAt: this.here.now().toISOString() });
      this.here.store.putEvent(id, {
        atS: this.here.store.endS(id),
        kind: 'failure',
        message: state.run.error?.message ?? 'unknown',
      });
    });
  }

  /** Where the store itself fails (a full disk), the state in memory says why, and the run is found interrupted. */
  #tryToStore(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
    }
  }

  async #measure(work: {
    state: ActiveState;
    stop: AbortSignal;
    go: (() => void)[];
    run: Run;
    meter: Meter;
    engine: Engine;
    trials: readonly Trial[];
  }): Promise<void> {
    const { state, stop, go, meter, engine } = work;
    const { store, clock } = this.here;
    const { id, plan } = work.run;
    let run = work.run;
    const samples = store.samples(id);
    let kept: readonly Trial[] = work.trials;
    const baselines = idlePowers(store.events(id));
    const watchman = new Watchman(this.here.powerState, {
      clock,
      wall: this.here.now,
      beat: this.here.beatClock ?? clock,
    });
    await watchman.begin();
    const heart = setInterval(() => watchman.beat(), BEAT_S * 1000);
    const storeProfile = (): void => {
      const profile = profileFromRun(run, kept, baselines);
      if (profile === undefined) return;
      store.putProfile(profile, id);
      if (state.run.profile !== profile.id) state.change({ profile: profile.id });
    };
    try {
      await carryOut({
        plan,
        meter,
        engine,
        clock,
        trials: work.trials,
        runStartS: work.trials.length === 0 ? 0 : store.endS(id) + RESUME_GAP_S,
        signal: stop,
        watch: (progress) => state.take(progress),
        betweenTrials: () =>
          holdWhile({
            watchman,
            isPaused: () => state.run.state === 'paused',
            pause: () => this.pause(),
            goOn: () => this.continue(),
            tell: ({ kind, message }) => {
              state.change({ warnings: [...state.run.warnings, message].slice(-20) });
              store.putEvent(id, { atS: state.run.nowS, kind, message });
            },
            released: () => new Promise<void>((resolve) => go.push(resolve)),
            ended: () => stop.aborted,
            lookEveryMs: this.here.lookEveryMs ?? LOOK_EVERY_MS,
          }),
        surroundings: (span) => watchman.flags(span),
        sink: {
          sample: (sample) => samples.push([sample]),
          event: (event) => {
            store.putEvent(id, event);
            const found = idlePowers([event]);
            baselines.push(...found);
            if (found.length > 0) storeProfile();
          },
          truth: (truth) => {
            run = { ...run, truth };
            store.update(id, { truth });
          },
          trial: (trial) => {
            samples.flush();
            store.putTrial(id, trial);
            kept = withTrial(kept, trial);
            storeProfile();
          },
        },
      });
    } finally {
      clearInterval(heart);
      samples.close();
    }
  }
}

const hasEnded = (state: ActiveRun['state']): boolean => ['done', 'cancelled', 'failed'].includes(state);
const NOTHING_LEFT = { remainingS: undefined, remainingJ: undefined };

function nameOf({ info }: Engine, { name, shard }: Plan): string {
  return `${info.model.name}, ${name} sweep${shard === undefined ? '' : `, shard ${shardName(shard)}`}`;
}

function preparing(what: string): string {
  return (
    { making: 'making synthetic weights', hashing: 'reading the model', loading: 'loading the model' }[
      what
    ] ?? what
  );
}

/** A short id that sorts by time: run-20261123-1a2b3c. */
function newId(now: Date): string {
  return `run-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${randomUUID().slice(0, 6)}`;
}

/** Total energy of the queries of all trials, J, for a summary; undefined when no rail was measured. */
export function measuredEnergy(trials: readonly Trial[]): number | undefined {
  const energies = trials.map((trial) => {
    const total = totalOf(trial.energyJ);
    return total === undefined ? undefined : total * trial.repeats;
  });
  const known = energies.filter((energy) => energy !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, energy) => total + energy, 0);
}
