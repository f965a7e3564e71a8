import type { ActiveRun, PowerSeries, RunNews, RunPreview } from '#core/activeRun';
import { LabError } from '#core/errors';
import type { EnergySample, Span } from '#core/meter';
import type { Environment, Run, RunEvent, RunState } from '#core/run';
import type { RunRequest } from '#core/runRequest';
import type { RunImport } from '#core/runImport';
import type { RunSummary } from '#core/runSummary';
import type { Trial } from '#core/trial';
import { powerState } from '../computer/conditions.ts';
import { nvidiaGpus } from '../computer/gpus.ts';
import { inspect } from '../computer/inspect.ts';
import { keepAwake } from '../computer/keepAwake.ts';
import { hereReaders } from '../computer/readers.ts';
import { openEngine } from '../engines/choose.ts';
import { Runs } from '../measure/runs.ts';
import { trialsCsv } from '../measure/trialsCsv.ts';
import { chooseMeter } from '../meters/choose.ts';
import { companionForIoreport } from '../meters/companion.ts';
import { createPowerSession } from '../meters/powerSession.ts';
import { monotonicS } from '../clock.ts';
import { hasAgreed, listEvents } from '../store/events.ts';
import { profileOfRun } from '../store/profiles.ts';
import { makeRunBundle, type RunBundle } from '../store/runBundle/write.ts';
import { deleteRun, findRun, listRuns, updateRun } from '../store/runs.ts';
import { readSamples, readSeries, sampleExtent } from '../store/sampleReader.ts';
import type { ReadDb } from '../store/sqlite.ts';
import { listTrials } from '../store/trials.ts';
import { modelFolderOf } from './labModels.ts';
import { nearestIds } from './nearest.ts';
import type { Store } from './openStore.ts';
import { previewRun, sizeOfRun, type RunSize } from './preview.ts';
import { estimateRun } from './runEstimate.ts';
import { areRunBundles, importRunBundles, type RunImportOptions } from './runBundles.ts';
import { runStoreOf } from './runStore.ts';
import { samplePage, type SamplePage } from './samplePage.ts';
import { startOrResume } from './startOrResume.ts';

/** A run with everything but its samples. */
export interface ShownRun {
  readonly run: Run;
  readonly trials: readonly Trial[];
  readonly events: readonly RunEvent[];
  /** id of its profile, once a cell has a valid trial */
  readonly profile: string | null;
  /** the run's clock from its first to its last sample, s */
  readonly span: Span | null;
}

/** Measuring, and what was measured. Every method throws LabError, "unknown-run" among the kinds. */
export interface LabRuns {
  preview(request: unknown): Promise<RunPreview>;
  /** the model of a run and what it would take, without a look at the computer */
  size(request: unknown): RunSize;
  /**
   * asks the user, through the system's dialog, for the rights that powermetrics needs; they last until the lab is
   * closed
   */
  allowPowermetrics(): Promise<void>;
  /** ends what was allowed */
  endPowermetrics(): void;
  /** begins a run and answers at once; `watch` tells the rest */
  start(request: unknown): ActiveRun;
  resume(id: string): ActiveRun;
  /** goes on with the run of this id, or begins it where there is none; null when it is done already */
  startOrResume(id: string, request: unknown): ActiveRun | null;
  pause(): void;
  continue(): void;
  cancel(): void;
  /** stops the run under way at once and leaves it paused */
  interrupt(): void;
  active(): ActiveRun | null;
  /** what the run under way was asked for; undefined when none is */
  underWay(): RunRequest | undefined;
  /** resolves when the run under way has ended, however it did */
  ended(): Promise<ActiveRun | null>;
  watch(listener: (news: RunNews) => void): () => void;
  list(): RunSummary[];
  hasRun(id: string): boolean;
  show(id: string): ShownRun;
  samples(id: string, span?: Span): Iterable<EnergySample>;
  /** the first samples of a span, for a page; the next page begins where the last of them ends */
  samplePage(id: string, request: Span & { readonly limit: number }): SamplePage;
  power(id: string, request: { fromS: number; toS: number; points: number }): PowerSeries;
  change(id: string, changes: { name?: string; note?: string }): void;
  delete(id: string): void;
  /** the trials as CSV, or everything but samples as JSON */
  exportText(id: string, format: 'csv' | 'json'): string;
  /** everything of a run, its samples too, as one file that can be imported elsewhere */
  exportBundle(id: string): RunBundle;
  /** whether files are run bundles, which are imported by themselves */
  areBundles(files: readonly string[]): boolean;
  /** imports run bundles, all of them or none; shares of a sweep become one profile */
  importBundles(files: readonly string[], options?: RunImportOptions): RunImport;
}

/** @param guard turns what the database throws into LabErrors */
export function createLabRuns(options: {
  store: Store;
  dataFolder: string;
  version: string;
  now: () => Date;
  guard: <T>(work: () => T) => T;
}): LabRuns {
  const { store, dataFolder, version, now, guard } = options;
  const power = createPowerSession();
  const db: ReadDb = store.db;
  let runs: Runs | undefined;
  /** made when it is first needed */
  const runner = (): Runs => {
    store.writable();
    return (runs ??= new Runs({
      store: runStoreOf(store.writable),
      modelFolder: modelFolderOf(dataFolder),
      openEngine,
      chooseMeter: async (asked, pids) => (await chooseMeter(asked, { pids, power })).meter,
      companionOf: async ({ info }, here) =>
        process.platform !== 'darwin' || info.kind !== 'ioreport' || hasAgreed(db, info.kind, here)
          ? undefined
          : companionForIoreport(power),
      clock: monotonicS,
      now,
      environment: () => environment(version),
      powerState,
      keepAwake,
    }));
  };
  const isUnderWay = (id: string): boolean => {
    const active = runs?.active();
    return active?.id === id && !['done', 'cancelled', 'failed'].includes(active.state);
  };
  /** A run whose program died is stored as running still: it is not when nobody is there who could run it. */
  const asItIs = <T extends { readonly id: string; readonly state: RunState }>(read: () => T[]): T[] => {
    const isDead = ({ id, state }: T): boolean =>
      state === 'running' && !isUnderWay(id) && !store.othersWrite();
    const found = read();
    // Read once more: it may have come to its end between the reading and the look.
    if (!found.some(isDead)) return found;
    return read().map((run) => (isDead(run) ? { ...run, state: 'interrupted' } : run));
  };
  const known = (id: string): Run => {
    const run = findRun(db, id);
    if (run !== undefined) return run;
    const nearest = nearestIds(
      id,
      listRuns(db).map((each) => each.id),
    );
    const list = 'crossover runs list shows them all.';
    throw new LabError(
      'unknown-run',
      `There is no run with the id "${id}".`,
      nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ${list}` : list,
    );
  };
  const shown = (id: string): ShownRun => {
    const extent = sampleExtent(db, id);
    return {
      run: asItIs(() => [known(id)])[0]!,
      trials: listTrials(db, id),
      events: listEvents(db, id),
      profile: profileOfRun(db, id) ?? null,
      span: extent === undefined ? null : { startS: extent.startS, endS: extent.endS },
    };
  };
  const size = (request: unknown): RunSize =>
    guard(() => sizeOfRun(request, dataFolder, (asked, plan) => estimateRun(db, asked, plan)));
  const idle = (id: string): void => {
    if (!isUnderWay(id)) return;
    throw new LabError('bad-setting', 'The run is under way, so it was not deleted.', 'Cancel it first.');
  };

  return {
    preview: async (request) => previewRun(request, dataFolder, size(request), power),
    size,
    allowPowermetrics: power.allow,
    endPowermetrics: () => void power.stop(),
    start: (request) => guard(() => runner().start(request)),
    resume: (id) => guard(() => (known(id), runner().resume(id))),
    startOrResume: (id, request) => guard(() => startOrResume(runner(), findRun(db, id), id, request)),
    pause: () => guard(() => runner().pause()),
    continue: () => guard(() => runner().continue()),
    cancel: () => guard(() => runner().cancel()),
    interrupt: () => runs?.interrupt(),
    active: () => runs?.active() ?? null,
    underWay: () => runs?.underWay(),
    ended: () => runs?.ended() ?? Promise.resolve(null),
    watch: (listener) => guard(() => runner().watch(listener)),
    list: () => guard(() => asItIs(() => listRuns(db))),
    hasRun: (id) => guard(() => findRun(db, id) !== undefined),
    show: (id) => guard(() => shown(id)),
    samples: (id, span) => guard(() => (known(id), readSamples(db, id, span))),
    samplePage: (id, { limit, ...span }) =>
      guard(() => (known(id), samplePage(readSamples(db, id, span), limit))),
    power: (id, request) => guard(() => (known(id), readSeries(db, id, request))),
    change: (id, changes) => guard(() => updateRun(store.writable(), id, changes)),
    delete: (id) => guard(() => (idle(id), deleteRun(store.writable(), id))),
    exportText: (id, format) =>
      guard(() =>
        format === 'csv'
          ? trialsCsv((known(id), listTrials(db, id)))
          : `${JSON.stringify({ format: 'crossover-run', version: 1, ...shown(id) }, null, 2)}\n`,
      ),
    exportBundle: (id) =>
      guard(() => {
        const [run] = asItIs(() => [known(id)]);
        return makeRunBundle(db, id, run!.state)!;
      }),
    areBundles: areRunBundles,
    importBundles: (files, options) => importRunBundles(store.writable(), files, options),
  };
}

async function environment(version: string): Promise<Environment> {
  const { computer } = inspect(hereReaders());
  const { powerSource, lowPowerMode, thermal } = await powerState();
  const gpus = await nvidiaGpus();
  return {
    ...computer,
    crossover: version,
    node: process.versions.node,
    ...(powerSource === undefined ? {} : { powerSource }),
    ...(lowPowerMode === undefined ? {} : { lowPowerMode }),
    ...(thermal === undefined ? {} : { thermal }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}
