import type { Run } from '#core/run';
import { idlePowers } from '#core/run';
import { profileFromRun } from '#core/runProfile';
import { withTrial, type Trial } from '#core/trial';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';
import type { ActiveState } from './activeState.ts';
import { crossCheck, crossCheckEvent } from './crossCheck.ts';
import { holdWhile } from './holdWhile.ts';
import type { Holding } from './holding.ts';
import { carryOut } from './runner.ts';
import type { RunSurroundings } from './runSurroundings.ts';
import { BEAT_S, Watchman } from './watchman.ts';

/** While a run is held by itself, it is looked so often whether that is over, ms. */
const LOOK_EVERY_MS = 5000;
/** A run that goes on after a pause of its program begins this long after what it has, s. */
const RESUME_GAP_S = 1;

/** A run whose meter and engine are open. */
interface OpenRun {
  readonly state: ActiveState;
  readonly stop: AbortSignal;
  readonly run: Run;
  readonly meter: Meter;
  readonly engine: Engine;
}

/** Compares the meter with another one, where that is due and one is there, and says what that found. */
export async function compareMeters(here: RunSurroundings, work: OpenRun): Promise<void> {
  const { state, stop, run, meter, engine } = work;
  const { companionOf, clock, store } = here;
  const other = await companionOf?.(meter, run.environment);
  if (other === undefined || stop.aborted) return;
  state.change({ what: `comparing ${meter.info.name} with ${other.info.name}` });
  const check = await crossCheck({ own: meter, other, engine, clock, signal: stop });
  if (check === undefined) return;
  const event = crossCheckEvent(check, store.endS(run.id));
  store.putEvent(run.id, event);
  if (!check.agrees) state.change({ warnings: [...state.run.warnings, event.message] });
}

/**
 * Measures what is missing of the plan; trials, events, samples and the profile are stored as they come.
 * @param work `trials` are those that the run has
 * @throws LabError of meter, engine or store
 */
export async function measureRun(
  here: RunSurroundings,
  work: OpenRun & Holding & { readonly trials: readonly Trial[] },
): Promise<void> {
  const { state, stop, go, meter, engine, pause, goOn } = work;
  const { store, clock, now, powerState } = here;
  const { id, plan } = work.run;
  let run = work.run;
  const samples = store.samples(id);
  let kept: readonly Trial[] = work.trials;
  const baselines = idlePowers(store.events(id));
  const watchman = new Watchman(powerState, {
    clock,
    wall: now,
    beat: here.beatClock ?? clock,
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
          pause,
          goOn,
          tell: ({ kind, message }) => {
            state.change({ warnings: [...state.run.warnings, message].slice(-20) });
            store.putEvent(id, { atS: state.run.nowS, kind, message });
          },
          released: () => new Promise<void>((resolve) => go.push(resolve)),
          ended: () => stop.aborted,
          lookEveryMs: here.lookEveryMs ?? LOOK_EVERY_MS,
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
