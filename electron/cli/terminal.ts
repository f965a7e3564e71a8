/** Where a command writes, and how it learns that it is to stop; tests pass their own. */
export interface Terminal {
  /** the answer */
  readonly out: (text: string) => void;
  /** messages and progress */
  readonly err: (text: string) => void;
  /** width of a line, in characters */
  readonly columns: number;
  /** settles when all of the answer has left, or has nowhere to go any more */
  readonly flush: () => Promise<void>;
  /** aborted when the user interrupts */
  readonly interrupted: AbortSignal;
  /** stops listening for interruptions */
  readonly close: () => void;
}

const NARROWEST = 72;
const WIDEST = 100;

/** The terminal of this process. A reader that goes away early, as `| head` does, is no error. */
export function processTerminal(): Terminal {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  // A second Ctrl-C ends the process at once. A batch system's SIGTERM comes several times for one cause: to each
  // process of a job, and again from the script that started us.
  process.once('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(forgiveClosedPipe)) stream.on('error', forgiveClosedPipe);
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    flush: () => new Promise((resolve) => void process.stdout.write('', () => resolve())),
    columns: Math.min(WIDEST, Math.max(NARROWEST, process.stdout.columns ?? WIDEST)),
    interrupted: controller.signal,
    close: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
