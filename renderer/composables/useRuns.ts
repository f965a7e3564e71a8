import {
  computed,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { ActiveRun, RunNews } from '#core/activeRun';
import { errorData, type ErrorData } from '#core/errors';
import type { Run } from '#core/run';
import type { RunRequest } from '#core/runRequest';
import type { RunSummary } from '#core/runSummary';
import { PowerTrace } from '../charts/powerTrace.ts';
import type { LabClient } from '../lab.ts';
import { FIRST_SET_UP, type RunSetUp } from './runSetUp.ts';
import type { Catalogue } from './useCatalogue.ts';

/** Measuring, as the window knows it: the run under way, its power, and the runs that are stored. */
export interface Runs {
  /** the run under way, or the last one that ended since the start */
  readonly active: Readonly<ShallowRef<ActiveRun | null>>;
  /** the run under way, while it is */
  readonly underWay: ComputedRef<ActiveRun | null>;
  /** what is stored of the active run: its environment, its meter; undefined until it is stored */
  readonly stored: Readonly<ShallowRef<Run | undefined>>;
  /** the power of the active run; `powerNews` counts up when there is more of it */
  readonly power: PowerTrace;
  readonly powerNews: Readonly<ShallowRef<number>>;
  /** the latest first */
  readonly list: Readonly<ShallowRef<readonly RunSummary[]>>;
  /** a request is being carried out; further ones are ignored until it is */
  readonly acting: Readonly<ShallowRef<boolean>>;
  /** why the last request failed */
  readonly error: Readonly<ShallowRef<ErrorData | undefined>>;
  /** the form of the next run */
  readonly setUp: Readonly<ShallowRef<RunSetUp>>;
  readonly changeSetUp: (changes: Partial<RunSetUp>) => void;
  /** finds out what is under way and what is stored */
  readonly begin: () => Promise<void>;
  readonly refresh: () => Promise<void>;
  readonly start: (request: RunRequest) => Promise<void>;
  readonly resume: (id: string) => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly continue: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  /** puts the last ended run aside, so that a new one can be set up */
  readonly dismiss: () => void;
}

export const isOver = (run: Pick<ActiveRun, 'state'>): boolean =>
  ['done', 'cancelled', 'failed'].includes(run.state);

/** How much of what was measured before the page was opened is read back, s and points. */
const BACK = { seconds: 3600, points: 4000 };

/** Makes the state of runs; for `provideLab` alone. */
export function createRuns(client: LabClient, catalogue: Catalogue): Runs {
  const active = shallowRef<ActiveRun | null>(null);
  const stored = shallowRef<Run>();
  const power = new PowerTrace();
  const powerNews = shallowRef(0);
  const list = shallowRef<readonly RunSummary[]>([]);
  const acting = shallowRef(false);
  const error = shallowRef<ErrorData>();
  const setUp = shallowRef(FIRST_SET_UP);

  function take(run: ActiveRun): void {
    const before = active.value?.id === run.id ? active.value : null;
    active.value = run;
    if (before === null || (isOver(before) && !isOver(run))) {
      power.clear();
      powerNews.value += 1;
      stored.value = undefined;
    }
    if (stored.value === undefined && run.truth !== undefined) void readStored(run.id);
    const appeared = run.profile !== undefined && before?.profile !== run.profile;
    const ended = isOver(run) && before !== null && !isOver(before);
    if (appeared || ended) void takeProfile(run.profile);
    if (ended || before === null) void refresh();
  }

  let reading: string | undefined;
  async function readStored(id: string): Promise<void> {
    if (reading === id) return;
    reading = id;
    try {
      const shown = await client.showRun(id);
      if (active.value?.id === id) stored.value = shown.run;
    } catch {
      // Without it the page only says less; the next news tries again.
    } finally {
      reading = undefined;
    }
  }

  async function takeProfile(id: string | undefined): Promise<void> {
    try {
      await catalogue.refresh();
      if (id !== undefined) catalogue.forget(id);
    } catch (thrown) {
      error.value = errorData(thrown);
    }
  }

  function hear(news: RunNews): void {
    if (news.news === 'state') take(news.run);
    else if (news.run === active.value?.id) {
      power.push(news.samples);
      powerNews.value += 1;
    }
  }
  onScopeDispose(client.on('runNews', hear));

  async function refresh(): Promise<void> {
    try {
      const before = list.value;
      list.value = await client.listRuns();
      const isIn = (runs: readonly RunSummary[]): boolean => runs.some(({ id }) => id === active.value?.id);
      // One that was deleted has kept nothing.
      if (active.value !== null && isOver(active.value) && isIn(before) && !isIn(list.value))
        active.value = null;
    } catch (thrown) {
      error.value = errorData(thrown);
    }
  }

  /** Carries out a request unless one is being carried out: two quick clicks are one. */
  async function act(work: () => Promise<ActiveRun | undefined>): Promise<void> {
    if (acting.value) return;
    acting.value = true;
    error.value = undefined;
    try {
      const run = await work();
      // News may have overtaken the answer; they are newer.
      if (run !== undefined && (active.value?.id !== run.id || isOver(active.value))) take(run);
    } catch (thrown) {
      error.value = errorData(thrown);
    } finally {
      acting.value = false;
    }
  }

  async function begin(): Promise<void> {
    await Promise.all([
      refresh(),
      act(async () => {
        const run = await client.showActiveRun();
        return run === null || isOver(run) ? undefined : run;
      }),
    ]);
    const run = active.value;
    if (run === null || isOver(run)) return;
    try {
      const { span } = await client.showRun(run.id);
      if (span === null) return;
      const series = await client.readPower({
        run: run.id,
        fromS: Math.max(span.startS, span.endS - BACK.seconds),
        toS: span.endS,
        points: BACK.points,
      });
      if (active.value?.id !== run.id) return;
      power.putBefore(series);
      powerNews.value += 1;
    } catch {
      // A run that is still being prepared is not stored yet: there is nothing to read back.
    }
  }

  const command = (work: () => Promise<unknown>) => () => act(async () => void (await work()));
  return {
    active: shallowReadonly(active),
    underWay: computed(() => (active.value === null || isOver(active.value) ? null : active.value)),
    stored: shallowReadonly(stored),
    power,
    powerNews: shallowReadonly(powerNews),
    list: shallowReadonly(list),
    acting: shallowReadonly(acting),
    error: shallowReadonly(error),
    setUp: shallowReadonly(setUp),
    changeSetUp: (changes) => (setUp.value = { ...setUp.value, ...changes }),
    begin,
    refresh,
    start: (request) => act(() => client.startRun(request)),
    resume: (id) => act(() => client.resumeRun(id)),
    pause: command(() => client.pauseRun()),
    continue: command(() => client.continueRun()),
    cancel: command(() => client.cancelRun()),
    dismiss: () => {
      if (active.value !== null && isOver(active.value)) active.value = null;
      error.value = undefined;
    },
  };
}
