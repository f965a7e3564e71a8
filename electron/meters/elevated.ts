import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError } from '#core/errors';
import { pause } from './pause.ts';
import { POWERMETRICS, powermetricsArgs, SAMPLERS, SAMPLERS_WITHOUT_ANE } from './powermetrics.ts';

/** The helper ends when it has found the heartbeat this old twice, a second apart, s. */
const STALE_S = 3;
const BEAT_S = 1;
const SAFE_PATH = /^\/[A-Za-z0-9/_.+-]+$/;

/** Runs a shell command as root after the system has asked the user; settles when the command has ended. */
export type Dialog = (
  command: string,
) => Promise<{ readonly code: number | null; readonly complaint: string }>;

/** powermetrics, started as root for this session. */
export interface ElevatedPower {
  /** the FIFO that it writes its stream into, readable by this user alone */
  readonly stream: string;
  /** the process that measures, once the helper has told it */
  readonly pid: () => number | undefined;
  /** settles when the helper has ended, for whatever reason */
  readonly ended: Promise<void>;
  /** Tells the helper to end, at once; settles when it has. */
  readonly stop: () => Promise<void>;
  /** Stops the heartbeat alone, as an app that hangs would. */
  readonly abandon: () => void;
}

/** Where the helper writes (root's own folder), where the app's heartbeat is, and whom it works for. */
export interface HelperPlace {
  readonly out: string;
  readonly own: string;
  readonly uid: number;
  /** the app's process */
  readonly app: number;
}

/**
 * The one command that runs as root: powermetrics, into a FIFO in a folder of root's own, so that nobody can put
 * another file in its place. While nobody reads, the FIFO is full and powermetrics waits, at no cost. It ends when
 * the stop file appears, when the app's process is gone, or when the heartbeat, whole seconds since 1970, stays old
 * or is no number. Nothing that a user typed is in it.
 */
export function helperCommand(place: HelperPlace, powermetrics = POWERMETRICS): string {
  for (const each of [place.out, place.own, powermetrics]) {
    if (!SAFE_PATH.test(each)) {
      throw new LabError(
        'meter-permission',
        `The folder for temporary files (${each}) has a name that cannot be passed on safely.`,
        'Choose another meter.',
      );
    }
  }
  const { out, own, uid, app } = place;
  if (!Number.isSafeInteger(uid) || !Number.isSafeInteger(app) || app <= 0) {
    throw new LabError('internal', 'The helper cannot tell whom it works for.');
  }
  return [
    'umask 077',
    `mkdir -m 711 ${out} || exit 1`,
    `mkfifo -m 400 ${out}/stream && chown ${uid} ${out}/stream || exit 1`,
    `exec 3<>${out}/stream`,
    `samplers=${SAMPLERS_WITHOUT_ANE}`,
    `${powermetrics} -h 2>&1 </dev/null | grep -q ane_power && samplers=${SAMPLERS}`,
    `${powermetrics} ${powermetricsArgs('$samplers').join(' ')} >&3 2>/dev/null </dev/null &`,
    'meter=$!',
    'exec 3>&-',
    `echo $meter > ${out}/pid && chmod 444 ${out}/pid`,
    'old=0',
    `while [ ! -e ${own}/stop ] && kill -0 ${app} 2>/dev/null && kill -0 $meter 2>/dev/null; do`,
    `read -r beat < ${own}/heartbeat || break`,
    'case "$beat" in ""|*[!0-9]*) break;; esac',
    // A computer that wakes up finds it old once.
    `if [ $(( $(date +%s) - beat )) -lt ${STALE_S} ]; then old=0; elif [ $old = 1 ]; then break; else old=1; fi`,
    'sleep 1',
    'done',
    'kill $meter 2>/dev/null',
    'wait $meter 2>/dev/null',
    `rm -rf ${out}`,
  ].join('\n');
}

/** The system's own dialog. The command is handed over as an argument, so that nothing needs quoting. */
export const systemDialog: Dialog = (command) =>
  new Promise((resolve) => {
    const child = spawn(
      '/usr/bin/osascript',
      [
        '-e',
        'on run argv',
        '-e',
        'do shell script (item 1 of argv) with prompt "Crossover measures power with powermetrics." with administrator privileges',
        '-e',
        'end run',
        command,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('error', (error) => resolve({ code: null, complaint: error.message }));
    child.once('close', (code) => resolve({ code, complaint }));
  });

/**
 * Asks the system for administrator rights and starts powermetrics with them.
 * @throws LabError "meter-permission" when the user says no, or the helper ends before it writes
 */
export async function startElevatedPower(
  options: { readonly dialog?: Dialog; readonly powermetrics?: string } = {},
): Promise<ElevatedPower> {
  const { dialog = systemDialog, powermetrics = POWERMETRICS } = options;
  const own = mkdtempSync(path.join(tmpdir(), 'crossover-helper-'));
  const out = `/tmp/crossover-power-${randomBytes(12).toString('hex')}`;
  const stream = path.join(out, 'stream');
  // Renamed into place, so that the helper never reads half of it.
  const beat = (): void => {
    writeFileSync(path.join(own, 'heartbeat.new'), `${Math.floor(Date.now() / 1000)}\n`);
    renameSync(path.join(own, 'heartbeat.new'), path.join(own, 'heartbeat'));
  };
  beat();
  const timer = setInterval(beat, BEAT_S * 1000);
  timer.unref();
  const over = new AbortController();
  let complaint = '';
  const clear = (): void => rmSync(own, { recursive: true, force: true });
  process.once('exit', clear);
  const place = { out, own, uid: process.getuid?.() ?? 0, app: process.pid };
  const ended = dialog(helperCommand(place, powermetrics))
    .then((how) => void (complaint = how.complaint))
    .finally(() => {
      clearInterval(timer);
      over.abort();
      process.off('exit', clear);
      clear();
    });
  while (!existsSync(stream)) {
    if (!(await pause(0.1, over.signal))) {
      await ended;
      throw new LabError(
        'meter-permission',
        `powermetrics was not started${reasonIn(complaint)}. Nothing was changed.`,
        'Start again and allow it, or choose the meter ioreport, which needs no rights.',
      );
    }
  }
  return {
    stream,
    pid: () => pidIn(path.join(out, 'pid')),
    ended,
    abandon: () => clearInterval(timer),
    stop: async () => {
      if (!over.signal.aborted) writeFileSync(path.join(own, 'stop'), '');
      await ended;
    },
  };
}

/** What the dialog said, in a few words. */
function reasonIn(complaint: string): string {
  if (/cancel/i.test(complaint)) return ': the dialog was cancelled';
  const said = complaint.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
  return said === '' ? '' : ` (${said})`;
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
