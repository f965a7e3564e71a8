import type { RunRequest } from '#core/runRequest';
import { modelText } from '#core/engine';
import { LabError } from '#core/errors';
import type { Run } from '#core/run';
import { shardName } from '#core/shards';
import type { Plan } from '#core/sweep';
import type { Trial } from '#core/trial';
import type { Engine } from '../engines/engine.ts';
import type { ActiveState } from './activeState.ts';
import type { Holding } from './holding.ts';
import { compareMeters, measureRun } from './measureRun.ts';
import { refuseOther } from './refuseOther.ts';
import type { RunSurroundings } from './runSurroundings.ts';

const NOTHING_LEFT = { remainingS: undefined, remainingJ: undefined };

/** A run to carry out. */
export interface RunWork extends Holding {
  readonly state: ActiveState;
  readonly stop: AbortSignal;
  /** what a run is that was stopped */
  readonly stoppedAs: () => 'cancelled' | 'paused';
  readonly request: RunRequest;
  readonly plan: Plan;
  /** the run as it is stored, where it goes on */
  readonly before: Run | undefined;
  /** that it has already */
  readonly trials: readonly Trial[];
}

/** Opens engine and meter, measures, and says how it ended; what goes wrong is told and stored, never thrown. */
export async function carryOutRun(here: RunSurroundings, work: RunWork): Promise<void> {
  const { state, stop, request, plan, before, trials, go, pause, goOn } = work;
  const { store } = here;
  const id = state.run.id;
  // Begun in the next turn, so that whoever started the run has its state before the first news.
  await Promise.resolve();
  let engine: Engine | undefined;
  let created = before !== undefined;
  const awake = here.keepAwake();
  try {
    engine = await here.openEngine({
      engine: request.engine,
      model: request.model,
      kvCache: request.kvCache,
      ...(request.url === undefined ? {} : { url: request.url }),
      ...(before?.engine.threads === undefined ? {} : { threads: before.engine.threads }),
      cacheFolder: here.modelFolder,
      onProgress: ({ what, fraction }) => state.change({ what: preparing(what), fraction }),
      signal: stop,
    });
    const meter = await here.chooseMeter(request.meter, engine.pids);
    const run: Run = {
      id,
      name: request.name ?? before?.name ?? nameOf(engine, plan),
      note: before?.note ?? '',
      state: 'running',
      startedAt: before?.startedAt ?? here.now().toISOString(),
      request,
      plan,
      engine: engine.info,
      meter: meter.info,
      environment: await here.environment(),
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
    await compareMeters(here, { state, stop, run, meter, engine });
    await measureRun(here, { state, stop, run, meter, engine, trials, go, pause, goOn });
    store.update(id, { state: 'done', endedAt: here.now().toISOString() });
    state.change({ state: 'done', what: 'done', query: undefined, ...NOTHING_LEFT });
  } catch (thrown) {
    end(here, work, thrown, created);
  } finally {
    state.close();
    awake?.();
    await engine?.close();
  }
}

/** Says how a run ended that did not reach its end. */
function end(here: RunSurroundings, work: RunWork, thrown: unknown, created: boolean): void {
  const { state, stop } = work;
  const id = state.run.id;
  if (stop.aborted) {
    const ended = work.stoppedAs();
    if (created) tryToStore(() => here.store.update(id, { state: ended, endedAt: here.now().toISOString() }));
    state.change({ state: ended, what: ended, query: undefined, ...NOTHING_LEFT });
    return;
  }
  state.fail(thrown);
  if (!created) return;
  tryToStore(() => {
    here.store.update(id, { state: 'failed', endedAt: here.now().toISOString() });
    here.store.putEvent(id, {
      atS: here.store.endS(id),
      kind: 'failure',
      message: state.run.error?.message ?? 'unknown',
    });
  });
}

/** Where the store itself fails (a full disk), the state in memory says why, and the run is found interrupted. */
function tryToStore(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
  }
}

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
