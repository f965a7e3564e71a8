import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';
import type {
  ProfileSummary,
  StoredProfile,
  StoredWorkload,
  StudySummary,
  WorkloadSummary,
} from '#core/catalogue';
import type { LabClient } from '../lab.ts';

/** What the lab holds: the lists, and the items that were asked for so far. */
export interface Catalogue {
  readonly profiles: Readonly<ShallowRef<readonly ProfileSummary[]>>;
  readonly workloads: Readonly<ShallowRef<readonly WorkloadSummary[]>>;
  readonly studies: Readonly<ShallowRef<readonly StudySummary[]>>;
  readonly refresh: () => Promise<void>;
  readonly refreshStudies: () => Promise<void>;
  /** each item is fetched once */
  readonly profile: (id: string) => Promise<StoredProfile>;
  readonly workload: (id: string) => Promise<StoredWorkload>;
}

export function createCatalogue(client: LabClient): Catalogue {
  const profiles = shallowRef<readonly ProfileSummary[]>([]);
  const workloads = shallowRef<readonly WorkloadSummary[]>([]);
  const studies = shallowRef<readonly StudySummary[]>([]);
  return {
    profiles: shallowReadonly(profiles),
    workloads: shallowReadonly(workloads),
    studies: shallowReadonly(studies),
    async refresh() {
      [profiles.value, workloads.value, studies.value] = await Promise.all([
        client.listProfiles(),
        client.listWorkloads(),
        client.listStudies(),
      ]);
    },
    async refreshStudies() {
      studies.value = await client.listStudies();
    },
    profile: once((id) => client.showProfile(id)),
    workload: once((id) => client.showWorkload(id)),
  };
}

/** Remembers the promise of each key; a failure is forgotten, so that it can be tried again. */
function once<T>(fetch: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    let found = known.get(id);
    if (found === undefined) {
      found = fetch(id);
      found.catch(() => known.delete(id));
      known.set(id, found);
    }
    return found;
  };
}
