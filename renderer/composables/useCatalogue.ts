import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type {
  ProfileSummary,
  StoredProfile,
  StoredWorkload,
  StudySummary,
  WorkloadSummary,
} from '#core/catalogue';
import type { ComparisonSummary } from '#core/storedComparison';
import type { LabClient } from '../lab.ts';

/** What the lab holds: the lists, and the items that were asked for so far. */
export interface Catalogue {
  readonly profiles: Readonly<ShallowRef<readonly ProfileSummary[]>>;
  readonly workloads: Readonly<ShallowRef<readonly WorkloadSummary[]>>;
  readonly studies: Readonly<ShallowRef<readonly StudySummary[]>>;
  /** comparisons of several systems, of the whole lab */
  readonly comparisons: Readonly<ShallowRef<readonly ComparisonSummary[]>>;
  readonly refresh: () => Promise<void>;
  readonly refreshComparisons: () => Promise<void>;
  readonly refreshStudies: () => Promise<void>;
  /** each item is fetched once */
  readonly profile: (id: string) => Promise<StoredProfile>;
  readonly workload: (id: string) => Promise<StoredWorkload>;
  /** counts up when an item that was fetched has become another */
  readonly revision: Readonly<ShallowRef<number>>;
  /** a profile that grows while it is measured: fetched anew when it is asked for next */
  readonly forget: (id: string) => void;
  /** a workload that is no more, or has become another */
  readonly forgetWorkload: (id: string) => void;
}

export function createCatalogue(client: LabClient): Catalogue {
  const profiles = shallowRef<readonly ProfileSummary[]>([]);
  const workloads = shallowRef<readonly WorkloadSummary[]>([]);
  const studies = shallowRef<readonly StudySummary[]>([]);
  const comparisons = shallowRef<readonly ComparisonSummary[]>([]);
  const revision = shallowRef(0);
  const profile = once((id) => client.showProfile(id));
  const workload = once((id) => client.showWorkload(id));
  return {
    profiles: shallowReadonly(profiles),
    workloads: shallowReadonly(workloads),
    studies: shallowReadonly(studies),
    comparisons: shallowReadonly(comparisons),
    async refresh() {
      [profiles.value, workloads.value, studies.value, comparisons.value] = await Promise.all([
        client.listProfiles(),
        client.listWorkloads(),
        client.listStudies(),
        client.listComparisons(),
      ]);
    },
    async refreshStudies() {
      studies.value = await client.listStudies();
    },
    async refreshComparisons() {
      comparisons.value = await client.listComparisons();
    },
    profile: profile.fetch,
    workload: workload.fetch,
    revision: shallowReadonly(revision),
    forget: (id) => {
      if (profile.forget(id)) revision.value += 1;
    },
    forgetWorkload: (id) => {
      if (workload.forget(id)) revision.value += 1;
    },
  };
}

/** Remembers the promise of each key; a failure is forgotten, so that it can be tried again. */
function once<T>(fetch: (id: string) => Promise<T>): {
  fetch: (id: string) => Promise<T>;
  /** @returns whether it was known */
  forget: (id: string) => boolean;
} {
  const known = new Map<string, Promise<T>>();
  return {
    fetch: (id) => {
      let found = known.get(id);
      if (found === undefined) {
        found = fetch(id);
        found.catch(() => known.delete(id));
        known.set(id, found);
      }
      return found;
    },
    forget: (id) => known.delete(id),
  };
}
