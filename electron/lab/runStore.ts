import type { RunStore } from '../measure/runSurroundings.ts';
import { listEvents, putEvent } from '../store/events.ts';
import { putMeasuredProfile } from '../store/profiles.ts';
import { createRun, findRun, runEndS, updateRun } from '../store/runs.ts';
import { createSampleWriter } from '../store/samples.ts';
import type { WriteDb } from '../store/sqlite.ts';
import { listTrials, putTrial } from '../store/trials.ts';

/** The database as a runner sees it. The right to write is asked for when it is first needed. */
export function runStoreOf(writable: () => WriteDb): RunStore {
  return {
    create: (run) => createRun(writable(), run),
    update: (id, changes) => updateRun(writable(), id, changes as Parameters<typeof updateRun>[2]),
    find: (id) => findRun(writable(), id),
    trials: (id) => listTrials(writable(), id),
    putTrial: (id, trial) => putTrial(writable(), id, trial),
    putEvent: (id, event) => putEvent(writable(), id, event),
    events: (id) => listEvents(writable(), id),
    endS: (id) => runEndS(writable(), id),
    samples: (id) => createSampleWriter(writable(), id),
    putProfile: (profile, run) => putMeasuredProfile(writable(), profile, run),
  };
}
