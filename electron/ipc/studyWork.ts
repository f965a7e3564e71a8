/**
 * What is computed of studies beside the window. Of each kind but "save" there is one at a time: a new one stops the last
 * of its own kind, and no other.
 */
export const STUDY_WORK = ['save', 'preview', 'compare', 'vary', 'simulate'] as const;
export type StudyWork = (typeof STUDY_WORK)[number];
