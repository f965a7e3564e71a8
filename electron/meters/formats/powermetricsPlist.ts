import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { splitter } from './lines.ts';
import { dictAt, dictsAt, numberAt, readPlist, type PlistDict } from './plist.ts';
import { withFewTasks } from './powermetricsTasks.ts';

/** A CPU that is busier than this, and draws 0 mW, is misread (seen on a beta of macOS 27). */
const BUSY_CORES = 0.05;
/** Stamps are whole seconds, written after the sample, s. */
const STAMP_SLACK_S = 3;
const ALL_TASKS = -2;
const END = '</plist>';

/** What one property list of powermetrics says. */
export interface PowermetricsSample {
  readonly elapsedS: number;
  readonly energyJ: RailEnergy;
  /** cores' worth of CPU time that tasks used, where the sample has tasks */
  readonly busyCores?: number;
  /** unitless energy impact by process; all tasks together under −2 */
  readonly impact: ReadonlyMap<number, number>;
  /** end of the sample, whole s since 1970, where it is told */
  readonly stampS?: number;
}

/**
 * Reads one property list, with or without its end; undefined when it is none of powermetrics'.
 * @param pids the processes whose energy impact is wanted; all by default
 */
export function powermetricsSample(xml: string, pids?: readonly number[]): PowermetricsSample | undefined {
  const root = readPlist(`${pids === undefined ? xml : withFewTasks(xml, pids)}${END}`);
  const elapsedNs = numberAt(root, 'elapsed_ns');
  if (root === undefined || elapsedNs === undefined || !(elapsedNs > 0)) return undefined;
  const elapsedS = elapsedNs / 1e9;
  const processor = dictAt(root, 'processor');
  const gpu = dictAt(root, 'gpu');
  const energyJ: RailEnergy = {};
  const add = (rail: Rail, energy: number | undefined): void => {
    if (energy !== undefined) energyJ[rail] = energy;
  };
  add('cpu', energyOf(processor, 'cpu', elapsedS));
  // Both samplers print the GPU: one of them, never the sum; the one that has its power, if one has.
  const finer = numberAt(gpu, 'gpu_power') === undefined && numberAt(processor, 'gpu_power') !== undefined;
  const [first, second] = finer ? [processor, gpu] : [gpu, processor];
  add('gpu', energyOf(first, 'gpu', elapsedS) ?? energyOf(second, 'gpu', elapsedS));
  add('ane', energyOf(processor, 'ane', elapsedS));
  add('dram', energyOf(processor, 'dram', elapsedS));
  // macOS 11 and 12 have a package; Intel Macs have nothing else, in W.
  const packageW = numberAt(processor, 'package_watts');
  add(
    'package',
    energyOf(processor, 'package', elapsedS) ?? (packageW === undefined ? undefined : packageW * elapsedS),
  );

  const impact = new Map<number, number>();
  let busyCores: number | undefined;
  for (const task of [
    ...dictsAt(root, 'tasks'),
    ...[dictAt(root, 'all_tasks')].filter((each) => each !== undefined),
  ]) {
    const pid = numberAt(task, 'pid') ?? (task.get('name') === 'ALL_TASKS' ? ALL_TASKS : undefined);
    const share = numberAt(task, 'energy_impact');
    if (pid === undefined) continue;
    if (share !== undefined) impact.set(pid, share);
    const timeMs = cpuTimeMsPerS(task, elapsedS);
    if (timeMs === undefined) continue;
    if (pid === ALL_TASKS) busyCores = timeMs / 1000;
    else if (!impact.has(ALL_TASKS)) busyCores = (busyCores ?? 0) + timeMs / 1000;
  }
  const stampS = Date.parse(String(root.get('timestamp'))) / 1000;
  return {
    elapsedS,
    energyJ,
    impact,
    ...(busyCores === undefined ? {} : { busyCores }),
    ...(Number.isFinite(stampS) ? { stampS } : {}),
  };
}

/** Power × elapsed time where there is a power (finer), else the whole mJ of the window. */
function energyOf(dict: PlistDict | undefined, rail: string, elapsedS: number): number | undefined {
  const powerMw = numberAt(dict, `${rail}_power`);
  if (powerMw !== undefined) return (powerMw / 1000) * elapsedS;
  const energyMj = numberAt(dict, `${rail}_energy`);
  return energyMj === undefined ? undefined : energyMj / 1000;
}

function cpuTimeMsPerS(task: PlistDict, elapsedS: number): number | undefined {
  const rate = numberAt(task, 'cputime_ms_per_s');
  if (rate !== undefined) return rate;
  const timeNs = numberAt(task, 'cputime_ns');
  return timeNs === undefined ? undefined : timeNs / 1e6 / elapsedS;
}

/** True where the CPU is said to draw nothing while tasks use it: the reading is wrong. */
export function isCpuMisread({ energyJ, busyCores = 0 }: PowermetricsSample): boolean {
  return energyJ.cpu === 0 && busyCores > BUSY_CORES;
}

/** Share of the CPU's energy that processes caused, by energy impact; undefined where it is not told. */
export function cpuShareOf({ impact }: PowermetricsSample, pids: readonly number[]): number | undefined {
  const all = impact.get(ALL_TASKS);
  const own = pids.map((pid) => impact.get(pid)).filter((each) => each !== undefined);
  if (all === undefined || !(all > 0) || own.length === 0) return undefined;
  return Math.min(1, own.reduce((total, each) => total + each, 0) / all);
}

/**
 * Cuts powermetrics' stream into its property lists. A NUL comes just before the next one, so the cut is at
 * `</plist>`, where a sample is complete; its pieces are without that.
 */
export function plistSplitter(): ReturnType<typeof splitter> {
  const { push, rest } = splitter(END);
  const bare = (piece: string): string => piece.replace(/^[\0\s]+/, '');
  return { push: (text) => push(text).map(bare), rest: () => bare(rest()) };
}

/** `powermetrics -f plist`, macOS 12 and later, several samples one after the other. */
export function powermetricsPlistReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const plists = plistSplitter();
  let nowS = 0;
  let originS: number | undefined;
  const kinds = new Set<string>();
  const warnOnce = (kind: string, message: string): void => {
    if (kinds.has(kind)) return;
    kinds.add(kind);
    facts.warnings.push({ kind, message });
  };

  const read = (xml: string): TraceSample[] => {
    const sample = powermetricsSample(xml, []);
    if (sample === undefined) {
      warnOnce('unread-samples', 'Samples that are no property list of powermetrics were left out.');
      return [];
    }
    if (isCpuMisread(sample)) {
      warnOnce(
        'cpu-zero-while-busy',
        'The CPU is said to draw 0 mW while tasks use it: its energy here is not to be trusted.',
      );
    }
    const { elapsedS, energyJ, stampS } = sample;
    // Stamps are whole seconds: they tell a gap only when it is longer than they are coarse.
    if (originS === undefined) {
      originS = (stampS ?? NaN) - elapsedS;
      if (Number.isFinite(originS)) facts.clock = { originS, kind: 'utc', slackS: STAMP_SLACK_S };
    }
    const stampedS = (stampS ?? NaN) - elapsedS - originS;
    if (stampedS - nowS > 2) nowS = stampedS;
    const startS = nowS;
    nowS += elapsedS;
    return [{ startS, endS: nowS, energyJ }];
  };
  return {
    facts,
    push: (text) => plists.push(text).flatMap(read),
    end: () => {
      if (plists.rest() !== '') warnOnce('cut-sample', 'The last sample is cut; it was left out.');
      return [];
    },
  };
}
