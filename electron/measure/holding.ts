/** How a run is held before its next trial, and let go. */
export interface Holding {
  /** who waits for the run to go on */
  readonly go: (() => void)[];
  readonly pause: () => void;
  readonly goOn: () => void;
}
