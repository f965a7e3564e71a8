import {
  computed,
  inject,
  provide,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import { studyUnits, WHOLE_WORKLOAD, type DisplayUnits, type StudyUnits } from '#core/displayUnits';
import type { VariationAnswer } from '#core/analysis/variations';
import type { FileKind } from '#core/fileKind';
import type { Place, Preferences } from '#core/preferences';
import { paperOf, type Paper } from '#core/reportFormat';
import type { Reproduction } from '#core/reproduction';
import type { Simulation } from '#core/simulation/simulate';
import { PAPER_SETTINGS } from '#core/study';
import { createClient, type LabClient } from '../lab.ts';
import { createAnswerCache, type AnswerCache } from './answerCache.ts';
import { createCatalogue, type Catalogue } from './useCatalogue.ts';
import { createDraft, type Draft } from './useDraft.ts';
import { NOTHING_SAID, type OperationFields } from './useSimulation.ts';
import { usePalette, type Palette } from './usePalette.ts';
import { createProjects, type Projects, type StoredEntry } from './useProjects.ts';
import { createRecent, type Recent } from './useRecent.ts';
import { createRuns, type Runs } from './useRuns.ts';
import { createUnits } from './useUnits.ts';

/** Files that a page is to take in. */
export interface Arrival {
  readonly kind: FileKind;
  readonly files: readonly string[];
}

/** Everything the pages share. */
export interface LabState {
  readonly client: LabClient;
  readonly catalogue: Catalogue;
  readonly draft: Draft;
  readonly projects: Projects;
  readonly recent: Recent;
  readonly runs: Runs;
  readonly palette: Readonly<Ref<Palette>>;
  readonly place: ComputedRef<Place>;
  readonly theme: ComputedRef<Preferences['theme']>;
  /** as the user likes to read energies and numbers */
  readonly units: ComputedRef<DisplayUnits>;
  /** those of the draft's totals */
  readonly studyUnits: ComputedRef<StudyUnits>;
  /** ids of the profiles laid over one another */
  readonly overlay: ComputedRef<readonly string[]>;
  /** studies with one thing changed at a time, as far as they were asked for */
  readonly variations: AnswerCache<readonly VariationAnswer[]>;
  /** how the devices are run that carry a policy out, as far as it was said */
  readonly operation: ShallowRef<OperationFields>;
  /** policies that were carried out by devices */
  readonly simulations: AnswerCache<Simulation>;
  /** the paper's analysis, once it was asked for */
  readonly reproduction: AnswerCache<Reproduction>;
  /** ids of the systems of a stored comparison, on their way to the Check page */
  readonly openedSystems: ShallowRef<readonly string[] | undefined>;
  /** what a PDF is made for */
  readonly paper: Ref<Paper>;
  /** what is stored and whose report is shown on the Studies page, in place of that of the draft */
  readonly reported: ShallowRef<StoredEntry | undefined>;
  /** the report file saved last, in this run */
  readonly savedReport: Ref<string | undefined>;
  /** files that were dropped on the window, on their way to the page that is for them */
  readonly arrived: Ref<Arrival | undefined>;
  /** brings recent files to the page that is for them once more; a report is shown by the system */
  readonly receiveRecent: (id: string) => Promise<void>;
  /** brings files to the page that is for them, by their content */
  readonly receive: (files: readonly string[]) => Promise<void>;
  readonly go: (place: Place) => void;
  readonly setTheme: (theme: Preferences['theme']) => void;
  readonly setUnits: (changes: Partial<DisplayUnits>) => void;
  readonly setOverlay: (ids: readonly string[]) => void;
  /** a profile that is no more: the overlay and the draft let go of it */
  readonly leaveProfile: (id: string) => void;
  /** a workload that is no more: the draft lets go of it */
  readonly leaveWorkload: (id: string) => void;
  /** takes over what was remembered, then remembers every change */
  readonly start: () => Promise<void>;
}

/** The page that is for files of a kind. */
const PAGE_OF = {
  profile: 'profiles',
  runs: 'profiles',
  workload: 'workload',
  study: 'studies',
} as const satisfies Record<Exclude<FileKind, 'model'>, Place>;

const key: InjectionKey<LabState> = Symbol('lab');

/** Makes the shared state; for App alone. */
export function provideLab(): LabState {
  const client = createClient(window.crossover);
  const catalogue = createCatalogue(client);
  const units = createUnits((tag) => void client.showNumbersAs(tag));
  const draft = createDraft(
    catalogue,
    computed(() => units.chosen.value.numbers),
  );
  const operation = shallowRef(NOTHING_SAID);
  const projects = createProjects(client, catalogue, draft, operation);
  const recent = createRecent(client);
  const runs = createRuns(client, catalogue);
  const place = shallowRef<Place>('start');
  const theme = shallowRef<Preferences['theme']>('system');
  const overlay = shallowRef<readonly string[]>([]);
  const paper = shallowRef<Paper>(paperOf(navigator.language));
  const arrived = shallowRef<Arrival>();

  async function start(): Promise<void> {
    const [remembered, numberLocale] = await Promise.all([
      client.loadPreferences(),
      client.numberLocale(),
      catalogue.refresh(),
      projects.begin(),
      recent.begin(),
    ]);
    place.value = remembered.place;
    theme.value = remembered.theme;
    paper.value = remembered.paper ?? paper.value;
    units.begin(remembered.units, numberLocale);
    const known = new Set(catalogue.profiles.value.map((profile) => profile.id));
    overlay.value = remembered.overlay?.filter((id) => known.has(id)) ?? [
      draft.settings.value.small,
      draft.settings.value.large,
    ];
    watch([place, theme, units.chosen, overlay, paper], remember);
    window.addEventListener('beforeunload', leave);
    // Saved is a report of the project in which it was saved.
    watch(
      () => projects.current.value?.id,
      () => (state.savedReport.value = undefined),
    );
    // A frame later, so that the first page stands before the profiles and the workload are read.
    requestAnimationFrame(() => {
      draft.begin();
      void runs.begin();
    });
  }

  let waiting: ReturnType<typeof setTimeout> | undefined;
  /** Changes come in bursts (a slider): they are written once the burst is over. */
  function remember(): void {
    clearTimeout(waiting);
    waiting = setTimeout(write, 150);
  }

  function write(): void {
    clearTimeout(waiting);
    waiting = undefined;
    void client.savePreferences({
      place: place.value,
      theme: theme.value,
      units: units.chosen.value,
      overlay: [...overlay.value],
      paper: paper.value,
    });
  }

  /** Nothing is on its way when the window closes. */
  function leave(): void {
    if (waiting !== undefined) write();
    void projects.flush();
  }

  /** Apart, since λ does not change it: its queries are counted once. */
  const workload = computed(() => {
    const outcome = draft.outcome.value;
    return outcome.state === 'done' ? outcome.inputs.workload : undefined;
  });
  const state: LabState = {
    client,
    catalogue,
    draft,
    projects,
    recent,
    runs,
    palette: usePalette(),
    place: computed(() => place.value),
    theme: computed(() => theme.value),
    units: units.chosen,
    studyUnits: computed(() => {
      const { value } = workload;
      // Of a large one, which is not read, neither queries nor tokens are known here: its totals stay whole.
      return value === undefined || value.pairs.length === 0
        ? WHOLE_WORKLOAD
        : studyUnits(units.chosen.value, value);
    }),
    overlay: computed(() => overlay.value),
    variations: createAnswerCache(),
    operation,
    simulations: createAnswerCache(),
    reproduction: createAnswerCache(),
    openedSystems: shallowRef(),
    paper,
    reported: shallowRef(),
    savedReport: shallowRef<string>(),
    arrived,
    receive: async (files) => {
      if (files.length === 0) return;
      const kind = await client.recogniseFiles([...files]);
      if (kind === 'model') {
        runs.changeSetUp({ engine: 'embedded', shape: 'file', file: files[0]! });
        runs.dismiss();
        place.value = 'measure';
        return;
      }
      arrived.value = { kind, files };
      place.value = PAGE_OF[kind];
    },
    receiveRecent: async (id) => state.receive(await client.openRecent(id)),
    go: (next) => (place.value = next),
    setTheme: (next) => (theme.value = next),
    setUnits: units.change,
    setOverlay: (ids) => (overlay.value = ids),
    leaveProfile: (id) => {
      catalogue.forget(id);
      overlay.value = overlay.value.filter((other) => other !== id);
      const { small, large } = draft.settings.value;
      if (small === id) draft.change({ small: PAPER_SETTINGS.small });
      if (large === id) draft.change({ large: PAPER_SETTINGS.large });
    },
    leaveWorkload: (id) => {
      catalogue.forgetWorkload(id);
      if (draft.settings.value.workload === id) draft.change({ workload: PAPER_SETTINGS.workload });
    },
    start,
  };
  provide(key, state);
  return state;
}

/**
 * The shared state, in any component below App.
 * @throws Error outside of App
 */
export function useLab(): LabState {
  const state = inject(key);
  if (state === undefined) throw new Error('useLab is for components inside App.');
  return state;
}
