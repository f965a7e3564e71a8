import { MEASURING_TERMS } from './glossaryMeasuring.ts';
import { STUDY_TERMS } from './glossaryStudies.ts';

/** A term of the lab, with what it means in one to three plain sentences. */
export interface Explanation {
  /** what it is called, and found by */
  readonly name: string;
  readonly text: string;
}

/** Every term that the window explains, where it stands and in "Find anything". */
export const GLOSSARY = { ...MEASURING_TERMS, ...STUDY_TERMS } as const;

export type Term = keyof typeof GLOSSARY;

/** What a term means. */
export const explain = (term: Term): string => GLOSSARY[term].text;
