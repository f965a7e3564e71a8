/**
 * Whom files are for: the doctor of profiles, that of workloads, the runs, the studies, or the Measure step (a model). What is
 * known to nobody goes to the doctor of profiles, which says why.
 */
export const FILE_KINDS = ['profile', 'workload', 'runs', 'study', 'model'] as const;
export type FileKind = (typeof FILE_KINDS)[number];
