/**
 * Everything that can be expected to go wrong, as one kind of error that survives the way between processes.
 * A message is a sentence that says what happened and what was kept; the hint says what to do.
 */

/** Each kind with its exit code on the command line. */
const EXIT_CODES = {
  internal: 1,
  'wrong-usage': 2,
  'bad-profile': 3,
  'bad-workload': 3,
  'bad-setting': 3,
  'unknown-profile': 3,
  'unknown-workload': 3,
  'unknown-study': 3,
  'unknown-project': 3,
  incompatible: 3,
  infeasible: 3,
  'database-newer': 3,
  'database-damaged': 3,
  'database-read-only': 4,
  'database-in-use': 4,
  'disk-full': 4,
  'file-exists': 3,
  'file-not-readable': 3,
  'file-not-writable': 4,
  missing: 4,
  'meter-missing': 4,
  'meter-permission': 4,
  'meter-lost': 4,
  'engine-missing': 4,
  'engine-unreachable': 4,
  'engine-failed': 4,
  'bad-model': 3,
  'bad-trace': 3,
  'bad-bundle': 3,
  'unknown-run': 3,
  interrupted: 130,
} as const;

export type ErrorKind = keyof typeof EXIT_CODES;

/** An expected failure: a kind for programs, a sentence and a hint for people. */
export class LabError extends Error {
  override readonly name = 'LabError';

  /**
   * @param kind what went wrong, for programs
   * @param message a sentence: what happened, and what was kept
   * @param hint a sentence: what to do next
   */
  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The exit code of the command line for a kind of error (0 is success). */
export function exitCodeOf(kind: ErrorKind): number {
  return EXIT_CODES[kind];
}

/** An error as plain data, for messages between processes and for `--json`. */
export interface ErrorData {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint?: string;
}

/** Any thrown value as plain data; what is not a LabError becomes `internal`. */
export function errorData(thrown: unknown): ErrorData {
  if (thrown instanceof LabError) {
    return {
      kind: thrown.kind,
      message: thrown.message,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    };
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: 'internal',
    message: `Something went wrong inside Crossover: ${reason}.`,
    hint: 'Nothing was changed. The log file holds the details.',
  };
}

/** The answer to a request between processes: Electron drops error classes, so failures travel as data. */
export type Wire<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorData };

/** Runs `work` and packs its value or its error for the way between processes. */
export async function toWire<T>(work: () => Promise<T> | T): Promise<Wire<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: errorData(thrown) };
  }
}

/**
 * Unpacks an answer.
 * @throws LabError the error that `toWire` packed
 */
export function fromWire<T>(wire: Wire<T>): T {
  if (wire.ok) return wire.value;
  throw new LabError(wire.error.kind, wire.error.message, wire.error.hint);
}
