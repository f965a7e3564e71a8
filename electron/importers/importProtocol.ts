/** The messages between the lab and the importing process. */
import type { ErrorData } from '#core/errors';
import type { JobName } from './importJobs.ts';

export interface Start {
  readonly job: JobName;
  readonly input: unknown;
  readonly scratch: string;
}

export type Told =
  | { readonly kind: 'progress'; readonly what: string; readonly fraction: number }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorData };
