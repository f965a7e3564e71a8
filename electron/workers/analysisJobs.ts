import { bootstrapReplicates, mergeReplicates, type Replicates } from '#core/analysis/bootstrap';
import type { BootstrapSetUp, NamedPolicy } from '#core/analysis/bootstrapPart';
import { bootstrapSetUp } from '#core/analysis/bootstrapSetUp';
import { manyBootstrapSetUp, summariseMany, type ManyChoice } from '#core/analysis/manyBootstrap';
import { checkInputs } from '#core/analysis/checkInputs';
import { withCapacity } from '#core/analysis/capacityStudy';
import type { ManySettings } from '#core/analysis/manySettings';
import { compareSystems, type ManyResult } from '#core/analysis/manySystems';
import { answerVariations, type Variation, type VariationAnswer } from '#core/analysis/variations';
import type { Profile } from '#core/profile';
import { reproducePaper, type Reproduction } from '#core/reproduction';
import type { AskedOperation } from '#core/simulation/operation';
import { simulate, type Simulation } from '#core/simulation/simulate';
import { analyse, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
import { withReplicates } from '#core/studyUncertainty';
import type { Workload } from '#core/workload';
import type { Solve } from '#core/analysis/linearProgram';
import { loadSolver } from './highs.ts';

/** How a job tells how far it is. */
export interface JobContext {
  /** @param fraction of the job that is done, 0 to 1 */
  readonly onProgress: (fraction: number) => void;
}

interface Asked {
  readonly settings: StudySettings;
  readonly inputs: StudyInputs;
}

/** A comparison of any number of systems. */
interface AskedMany {
  readonly settings: ManySettings;
  readonly profiles: readonly Profile[];
  readonly workload: Workload;
}

/** Input and output of each job; plain data, because both go from thread to thread. */
export interface Jobs {
  /** what the replicates of a study need */
  readonly setUpBootstrap: { readonly input: Asked; readonly output: BootstrapSetUp };
  /** replicates `from` to `to` − 1 */
  readonly replicate: {
    readonly input: {
      readonly setUp: BootstrapSetUp<NamedPolicy>;
      readonly seed: number;
      readonly from: number;
      readonly to: number;
    };
    readonly output: Replicates;
  };
  /** the study, with its intervals where its replicates are given */
  readonly analyse: {
    readonly input: Asked & {
      readonly bootstrap?: { readonly setUp: BootstrapSetUp; readonly chunks: readonly Replicates[] };
    };
    readonly output: StudyResult;
  };
  /** what the replicates of a comparison of any number of systems need */
  readonly setUpManyBootstrap: { readonly input: AskedMany; readonly output: BootstrapSetUp<ManyChoice> };
  /** any number of systems, with their intervals where the replicates are given */
  readonly compareSystems: {
    readonly input: AskedMany & {
      readonly bootstrap?: {
        readonly setUp: BootstrapSetUp<ManyChoice>;
        readonly seed: number;
        readonly chunks: readonly Replicates[];
      };
    };
    readonly output: ManyResult;
  };
  /** a study with one thing changed at a time */
  readonly vary: {
    readonly input: { readonly variations: readonly Variation[]; readonly inputs: StudyInputs };
    readonly output: readonly VariationAnswer[];
  };
  /** the paper's analysis, with its reconciliation */
  readonly reproduce: {
    readonly input: {
      readonly profiles: readonly Profile[];
      readonly workload: Workload;
      readonly others: readonly Workload[];
    };
    readonly output: Reproduction;
  };
  /** a study's policy, carried out */
  readonly simulate: {
    readonly input: Asked & { readonly operation: AskedOperation };
    readonly output: Simulation;
  };
}

export type JobName = keyof Jobs;
export type JobInput<N extends JobName> = Jobs[N]['input'];
export type JobOutput<N extends JobName> = Jobs[N]['output'];

/** HiGHS, where devices were told. */
async function solverFor({ capacity }: { readonly capacity?: unknown }): Promise<Solve | undefined> {
  return capacity === undefined ? undefined : loadSolver();
}

/** The jobs of the analysing threads. Each is a pure function of its input: where and when it runs changes nothing, the signs of the numbers in its sentences excepted. */
export const JOBS: {
  readonly [N in JobName]: (input: JobInput<N>, context: JobContext) => JobOutput<N> | Promise<JobOutput<N>>;
} = {
  setUpBootstrap: async ({ settings, inputs }) => {
    checkInputs(inputs);
    return bootstrapSetUp(settings, inputs, await solverFor(settings));
  },
  replicate: async ({ setUp, seed, from, to }, { onProgress }) =>
    bootstrapReplicates(setUp, seed, from, to, {
      progress: (done) => onProgress(done / (to - from)),
      solve: setUp.parts.some(({ capacity, systems }) => capacity !== undefined && systems.length > 2)
        ? await loadSolver()
        : undefined,
    }),
  analyse: async ({ settings, inputs, bootstrap }) => {
    const result =
      bootstrap === undefined
        ? analyse(settings, inputs)
        : withReplicates(settings, inputs, bootstrap.setUp, bootstrap.chunks);
    return settings.capacity === undefined
      ? result
      : withCapacity(result, settings, inputs, await loadSolver());
  },
  setUpManyBootstrap: async ({ settings, profiles, workload }) =>
    manyBootstrapSetUp(settings, profiles, workload, await solverFor(settings)),
  compareSystems: async ({ settings, profiles, workload, bootstrap }) =>
    compareSystems(
      settings,
      profiles,
      workload,
      await solverFor(settings),
      bootstrap && summariseMany(bootstrap.setUp, bootstrap.seed, mergeReplicates(bootstrap.chunks)),
    ),
  vary: ({ variations, inputs }, { onProgress }) =>
    answerVariations(variations, inputs, { progress: (done) => onProgress(done / variations.length) }),
  reproduce: ({ profiles, workload, others }) => reproducePaper(profiles, workload, others),
  simulate: ({ settings, inputs, operation }, { onProgress }) =>
    simulate(settings, inputs, operation, { progress: onProgress }),
};
