/** The messages between the embedded engine and the process that runs its model. */
import type { QueryRecord } from '#core/engine';
import type { ErrorData } from '#core/errors';

export interface OpenRequest {
  readonly kind: 'open';
  readonly file: string;
  readonly kvCache: boolean;
  /** chosen from the free cores where it is left out */
  readonly threads?: number;
}

export interface QueryRequest {
  readonly kind: 'query';
  readonly id: number;
  readonly m: number;
  readonly n: number;
  readonly seed: number;
}

/** Stops a query between two tokens. */
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

export type Request = OpenRequest | QueryRequest | CancelRequest;

/** What the process found out about the model and about itself. */
export interface Opened {
  readonly kind: 'opened';
  readonly llamaCppRelease: string;
  readonly device: string;
  /** on the CPU */
  readonly threads?: number;
  readonly batch: number;
  readonly contextTokens: number;
  readonly model: {
    /** as the file calls itself, if it does */
    readonly name?: string;
    readonly quantisation: string;
    readonly parameters: number;
    readonly hash: string;
  };
}

export interface Progress {
  readonly kind: 'progress';
  readonly what: 'hashing' | 'loading';
  readonly fraction: number;
}

export interface Answered {
  readonly kind: 'answered';
  readonly id: number;
  readonly record: QueryRecord;
}

/** A query that failed or was stopped; without an id, the opening failed. */
export interface Failed {
  readonly kind: 'failed';
  readonly id?: number;
  readonly error: ErrorData;
}

export type Answer = Opened | Progress | Answered | Failed;
