/** The messages between the lab and an analysing thread. */
import type { ErrorData } from '#core/errors';
import type { JobName } from './analysisJobs.ts';

export interface Start {
  readonly job: JobName;
  readonly input: unknown;
  /** the language whose number signs its sentences have, BCP 47 */
  readonly numbers: string;
}

export type Told =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly value: unknown }
  /** `stack` where nobody expected the failure */
  | { readonly kind: 'failed'; readonly error: ErrorData; readonly stack?: string | undefined };
