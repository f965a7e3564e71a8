import { withCapacity } from '#core/analysis/capacityStudy';
import { analyse, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
import { loadSolver } from './highs.ts';

/** How a job tells how far it is. */
export interface JobContext {
  /** @param fraction of the job that is done, 0 to 1 */
  readonly onProgress: (fraction: number) => void;
}

/** Input and output of each job; plain data, because both go from thread to thread. */
export interface Jobs {
  readonly analyse: {
    readonly input: { readonly settings: StudySettings; readonly inputs: StudyInputs };
    readonly output: StudyResult;
  };
}

export type JobName = keyof Jobs;
export type JobInput<N extends JobName> = Jobs[N]['input'];
export type JobOutput<N extends JobName> = Jobs[N]['output'];

/** The jobs of the analysing threads. Each is a pure function of its input: where and when it runs changes nothing. */
export const JOBS: {
  readonly [N in JobName]: (input: JobInput<N>, context: JobContext) => JobOutput<N> | Promise<JobOutput<N>>;
} = {
  analyse: async ({ settings, inputs }) => {
    const result = analyse(settings, inputs);
    return settings.capacity === undefined
      ? result
      : withCapacity(result, settings, inputs, await loadSolver());
  },
};
