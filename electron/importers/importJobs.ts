/** Everything that the importing process can be asked to do. */

/** What a job has to work with, beside its input. */
export interface JobContext {
  /** what is being done, and the share of it that is done, 0 to 1 */
  readonly onProgress: (what: string, fraction: number) => void;
  /** an empty folder of its own, removed when the process has ended */
  readonly scratch: string;
}

/**
 * The jobs by name. Each is loaded when it is asked for; its input and its output are data that
 * `structuredClone` takes.
 */
export const JOBS = {
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprint,
  readWorkload: async () => (await import('./workloads/readWorkload.ts')).readWorkload,
} satisfies Record<string, () => Promise<(input: never, context: JobContext) => Promise<unknown>>>;

export type JobName = keyof typeof JOBS;
type Job<N extends JobName> = Awaited<ReturnType<(typeof JOBS)[N]>>;
export type JobInput<N extends JobName> = Parameters<Job<N>>[0];
export type JobOutput<N extends JobName> = Awaited<ReturnType<Job<N>>>;
