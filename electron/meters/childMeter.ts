import { spawn, type ChildProcess } from 'node:child_process';
import { LabError } from '#core/errors';
import type { EnergySample, MeterInfo } from '#core/meter';
import { countedWork, cpuTimeOf, type CountedWork } from './cpuTime.ts';
import type { Meter } from './meter.ts';
import { sampleQueue, type SampleQueue } from './sampleQueue.ts';

/** A program and its arguments, and what it inherits. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes samples of what a program prints. */
export interface OutputReader {
  /**
   * @param text the next piece of the program's output
   * @param receivedS when it came, s on the monotonic clock
   * @throws LabError when it cannot be from the meter
   */
  push(text: string, receivedS: number): EnergySample[];
  /** CPU time that the program says it has used, s, where it says so */
  cpuS?(): number | undefined;
}

export interface ChildMeter {
  readonly info: MeterInfo;
  readonly command: Command;
  readonly reader: () => OutputReader;
  readonly clock: () => number;
  /** without a sample for so long, the meter is lost, s; the first may take `patienceS` as well */
  readonly patienceS: number;
  /** printed to the program for a reading at once, where it understands that */
  readonly markLine?: string;
  /** why it ended, from what it wrote on standard error, where that tells */
  readonly explain?: (complaint: string) => LabError | undefined;
  /** the process that does the measuring, where the program reads what that one writes for reader after reader */
  readonly behind?: () => number | undefined;
}

/** So much of a program's complaint is kept: its end says why. */
const COMPLAINT = 2000;
/** Output that holds no sample for this long is no meter's, bytes. */
const GARBAGE = 1024 * 1024;

/** A meter that is a program of its own, which prints. It is ended with the iteration. */
export function childMeter(meter: ChildMeter): Meter {
  let running: Running | undefined;
  return {
    info: meter.info,
    samples: (signal) => {
      const child = spawn(meter.command.file, [...meter.command.args], {
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(meter.command.env === undefined ? {} : { env: { ...process.env, ...meter.command.env } }),
      });
      const gone = new Promise<void>((resolve) => {
        child.once('exit', () => resolve()).once('error', () => resolve());
      });
      const marks: (() => void)[] = [];
      let watchdog: NodeJS.Timeout | undefined;
      const queue = sampleQueue(signal, () => {
        clearTimeout(watchdog);
        for (const done of marks.splice(0)) done();
        running = undefined;
        // A program of root's cannot be signalled, but it ends when nobody reads it.
        child.stdin.end();
        child.stdout.destroy();
        child.kill();
        // The next reader must not share the stream with this one.
        return meter.behind === undefined ? undefined : gone;
      });
      const reader = meter.reader();
      const counted = countedWork();
      running = { child, queue, marks, reader, counted };
      signal.addEventListener('abort', () => child.kill(), { once: true });
      const lose = (error: LabError): void => {
        queue.fail(error);
        for (const done of marks.splice(0)) done();
      };
      const watch = (): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => lose(silent(meter)), meter.patienceS * 1000);
      };
      const push = (text: string): EnergySample[] => counted(() => reader.push(text, meter.clock()));
      listen(child, meter, push, {
        samples: (samples) => {
          watch();
          for (const sample of samples) queue.push(sample);
          for (const done of marks.splice(0)) done();
        },
        lost: lose,
      });
      watch();
      return queue;
    },
    cpuS: () => cpuOf(meter, running),
    ...(meter.markLine === undefined
      ? {}
      : {
          mark: () => {
            const now = running;
            if (now === undefined) return Promise.resolve();
            return new Promise<void>((resolve) => {
              now.marks.push(resolve);
              now.child.stdin?.write(`${meter.markLine}\n`);
            });
          },
        }),
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly queue: SampleQueue;
  readonly marks: (() => void)[];
  readonly reader: OutputReader;
  readonly counted: CountedWork;
}

/** The program's own time, that of what measures behind it, and that of reading it, s. */
async function cpuOf(meter: ChildMeter, running: Running | undefined): Promise<number | undefined> {
  if (running === undefined) return undefined;
  const { child, reader, counted } = running;
  const said = reader.cpuS?.();
  const pids = [child.pid, ...(meter.behind === undefined ? [] : [meter.behind()])];
  const times =
    said === undefined
      ? await Promise.all(pids.map((pid) => (pid === undefined ? undefined : cpuTimeOf(pid))))
      : [said];
  return times.reduce<number | undefined>(
    (total, time) => (total === undefined || time === undefined ? undefined : total + time),
    counted.usedS(),
  );
}

/** Reads a program's output until it fails. */
function listen(
  child: ChildProcess,
  meter: ChildMeter,
  push: (text: string) => EnergySample[],
  to: { samples: (samples: readonly EnergySample[]) => void; lost: (error: LabError) => void },
): void {
  let complaint = '';
  let unread = 0;
  child.stdin?.on('error', () => {});
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT);
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    try {
      const samples = push(text);
      unread = samples.length > 0 ? 0 : unread + text.length;
      if (samples.length > 0) to.samples(samples);
      else if (unread > GARBAGE) to.lost(unreadable(meter));
    } catch (thrown) {
      to.lost(thrown instanceof LabError ? thrown : unreadable(meter));
    }
  });
  child.on('error', (error: NodeJS.ErrnoException) =>
    to.lost(
      new LabError(
        error.code === 'EACCES' ? 'meter-permission' : 'meter-missing',
        `${meter.info.name} cannot be started: ${meter.command.file} ${error.code === 'ENOENT' ? 'is not there' : `failed with ${error.code}`}.`,
        'Install it, or choose another meter.',
      ),
    ),
  );
  child.once('close', (code, by) => to.lost(meter.explain?.(complaint) ?? ended(meter, code, by, complaint)));
}

function silent({ info, patienceS }: ChildMeter): LabError {
  return new LabError(
    'meter-lost',
    `${info.name} gave no sample for ${patienceS} s. The samples before are kept.`,
    'See whether it still runs, then resume the run.',
  );
}

function unreadable({ info }: ChildMeter): LabError {
  return new LabError(
    'meter-lost',
    `${info.name} prints what is no power reading. The samples before are kept.`,
    'Its version may be too new or too old; choose another meter.',
  );
}

function ended({ info }: ChildMeter, code: number | null, by: string | null, complaint: string): LabError {
  const last = complaint.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
  return new LabError(
    'meter-lost',
    `${info.name} ended by itself (${by ?? `exit code ${code}`})${last === '' ? '' : `: ${last}`}. The samples before are kept.`,
    'Start it anew by resuming the run, or choose another meter.',
  );
}
