import {
  computed,
  shallowReadonly,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue';
import { errorData, LabError, type ErrorData } from '#core/errors';
import type { Chosen } from '#core/analysis/chosenPolicy';
import { commonBoundary } from '#core/analysis/boundary';
import { energyCells } from '#core/analysis/costCells';
import { suggestModel } from '#core/analysis/fitModel';
import { fits, isJoint, prepareJoint, type PreparedJoint } from '#core/analysis/jointSetUp';
import { analyse, START_SETTINGS, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
import type { Catalogue } from './useCatalogue.ts';
import { isLive, outlineOf, withApart } from './liveStudies.ts';
import { createHistory, type Deed } from './useHistory.ts';

/** The outcome of the draft as it stands: a result, or why there is none. */
export type Outcome =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ErrorData }
  /** too large to be analysed while a redraw waits for it: whoever shows it has it computed, see `learn` */
  | { readonly state: 'asked'; readonly inputs: StudyInputs }
  | {
      readonly state: 'done';
      readonly inputs: StudyInputs;
      readonly result: StudyResult;
      /** of a joint study that is live: what λ does not change, the same object for as long as it holds */
      readonly prepared: PreparedJoint | undefined;
    };

/** What was computed apart for one very study. */
export interface KnownResult {
  readonly settings: StudySettings;
  readonly inputs: StudyInputs;
  /** with intervals and the optimum under capacity, as far as they are known; or why there is none */
  readonly result: StudyResult | { readonly error: ErrorData };
}

/** The study being worked on. */
export interface Draft {
  readonly settings: Readonly<ShallowRef<StudySettings>>;
  /** computed in the window, at once, whenever a setting changes */
  readonly outcome: ComputedRef<Outcome>;
  readonly change: (changes: Partial<StudySettings>) => void;
  readonly replace: (settings: StudySettings) => void;
  /** takes up settings that were remembered: nothing before them can be taken back */
  readonly restore: (settings: StudySettings) => void;
  /** takes the last change back */
  readonly undo: () => void;
  /** remembers a removal among the changes, to be taken back in its turn */
  readonly record: (deed: Deed) => void;
  /** takes a removal back out of its turn */
  readonly takeBack: (deed: Deed) => void;
  /** makes a change again that was taken back */
  readonly redo: () => void;
  readonly canUndo: ComputedRef<boolean>;
  readonly canRedo: ComputedRef<boolean>;
  /** settles on a policy in place of the best; undefined goes back to the best */
  readonly choose: (chosen: Chosen | undefined) => void;
  /** takes up the result of settings and inputs, to be shown for as long as these are the draft's */
  readonly learn: (known: KnownResult) => void;
  /** begins to read the inputs; until then the outcome is "loading" */
  readonly begin: () => void;
}

/** @param telling when it changes, the outcome's sentences are written anew */
export function createDraft(catalogue: Catalogue, telling: Readonly<Ref<unknown>>): Draft {
  const settings = shallowRef<StudySettings>(START_SETTINGS);
  const inputs = shallowRef<StudyInputs | { error: ErrorData }>();

  let latest = 0;
  async function load(): Promise<void> {
    const call = ++latest;
    const { small, large, workload } = settings.value;
    try {
      const [smallItem, largeItem, workloadItem] = await Promise.all([
        catalogue.profile(small),
        catalogue.profile(large),
        readWorkload(workload),
      ]);
      if (call !== latest) return;
      const loaded = {
        small: smallItem.profile,
        large: largeItem.profile,
        workload: workloadItem,
      };
      followModel(inputs.value, loaded);
      inputs.value = loaded;
    } catch (thrown) {
      if (call === latest) inputs.value = { error: errorData(thrown) };
    }
  }

  /** A large one is not read: nothing in the window looks at its queries. */
  async function readWorkload(id: string): Promise<StudyInputs['workload']> {
    const summary = catalogue.workloads.value.find((item) => item.id === id);
    return summary !== undefined && !isLive(summary)
      ? outlineOf(summary)
      : (await catalogue.workload(id)).workload;
  }

  /** A model that was the suggested one gives way to what is suggested for another pair. */
  function followModel(before: typeof inputs.value, loaded: StudyInputs): void {
    if (before === undefined || 'error' in before) return;
    if (before.small === loaded.small && before.large === loaded.large) return;
    const { energyModel } = settings.value;
    const suggested = suggestedModel(settings.value, loaded) ?? 'paper';
    if (suggested === energyModel) return;
    if ((suggestedModel(settings.value, before) ?? 'paper') === energyModel)
      change(modelChange(settings.value, suggested));
  }

  function change(changes: Partial<StudySettings>): void {
    history.put(fitting({ ...settings.value, ...changes }), Object.keys(changes).sort().join(' '));
  }

  const known = shallowRef<KnownResult>();
  let prepared: PreparedJoint | undefined;
  const outcome = computed((): Outcome => {
    void telling.value;
    const loaded = inputs.value;
    if (loaded === undefined) return { state: 'loading' };
    if ('error' in loaded) return { state: 'failed', error: loaded.error };
    const { small, large, workload } = settings.value;
    if (loaded.small.id !== small || loaded.large.id !== large || loaded.workload.id !== workload) {
      return { state: 'loading' };
    }
    const asked = settings.value;
    const apart =
      known.value?.settings === asked && known.value.inputs === loaded ? known.value.result : undefined;
    if (apart !== undefined && 'error' in apart) return { state: 'failed', error: apart.error };
    // A workload without pairs is the outline of a large one.
    if (loaded.workload.pairs.length === 0) {
      prepared = undefined;
      return apart === undefined
        ? { state: 'asked', inputs: loaded }
        : { state: 'done', inputs: loaded, result: apart, prepared };
    }
    try {
      if (!isJoint(asked)) prepared = undefined;
      else if (prepared === undefined || !fits(prepared, asked, loaded))
        prepared = prepareJoint(asked, loaded);
      return {
        state: 'done',
        inputs: loaded,
        result: withApart(analyse(asked, loaded, prepared, apart?.uncertainty), apart),
        prepared,
      };
    } catch (thrown) {
      return { state: 'failed', error: errorData(thrown) };
    }
  });

  const history = createHistory(settings);

  return {
    settings: shallowReadonly(settings),
    outcome,
    change,
    choose: (chosen) => {
      const rest = without(settings.value, 'chosen');
      history.put(chosen === undefined ? rest : { ...rest, chosen });
    },
    learn: (next) => (known.value = next),
    replace: (next) => history.put(next),
    restore: history.restart,
    record: history.record,
    takeBack: history.takeBack,
    undo: history.undo,
    redo: history.redo,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    begin: () => {
      watch(
        () => {
          const { small, large, workload } = settings.value;
          return [small, large, workload, catalogue.revision.value].join(' ');
        },
        load,
        { immediate: true },
      );
    },
  };
}

/** The model that the core would take for a pair; undefined where none fits both, or they share no boundary. */
export function suggestedModel(
  { boundary, idle, stated }: StudySettings,
  { small, large }: Pick<StudyInputs, 'small' | 'large'>,
): 'grid' | 'physical' | undefined {
  try {
    const systems = [
      { profile: small, stated: stated?.small },
      { profile: large, stated: stated?.large },
    ];
    const { rules } = commonBoundary(systems, boundary, idle ?? 'gross');
    return suggestModel(systems.map(({ profile }, i) => energyCells(profile, rules[i]!)));
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    return undefined;
  }
}

/**
 * The paper's model knows thresholds on one axis, gross and measured energy alone, and no devices; what it cannot do is let
 * go of.
 */
function fitting(settings: StudySettings): StudySettings {
  if (settings.energyModel !== 'paper') return settings;
  const { chosen } = settings;
  const rest = without(settings, 'chosen', 'idle', 'stated', 'capacity');
  const one = chosen?.policy === 'threshold-in' || chosen?.policy === 'threshold-out';
  const axis = settings.policy === 'threshold-out' ? 'threshold-out' : 'threshold-in';
  return { ...rest, policy: axis, ...(one ? { chosen } : {}) };
}

/** Settings that say nothing of some things. */
export function without<K extends 'chosen' | 'idle' | 'stated' | 'capacity'>(
  settings: StudySettings,
  ...keys: K[]
): Omit<StudySettings, K> {
  const gone: readonly string[] = keys;
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !gone.includes(key))) as Omit<
    StudySettings,
    K
  >;
}

/** What changes with the energy model: the paper's knows one axis and powers of two, the others every policy. */
export function modelChange(
  { energyModel: before }: StudySettings,
  energyModel: StudySettings['energyModel'],
): Partial<StudySettings> {
  if (energyModel === 'paper') return { energyModel, thresholds: 'powers-of-two' };
  return { energyModel, ...(before === 'paper' ? { thresholds: 'every-integer', policy: 'all' } : {}) };
}
