import type { ClockOffset } from '#core/clock';
import type { QueryRecord } from '#core/engine';
import { LabError } from '#core/errors';
import {
  energyIn,
  totalOf,
  type EnergySample,
  type MeterInfo,
  type RailEnergy,
  type Span,
} from '#core/meter';
import { truthOf } from '#core/meterTruth';
import { RAILS } from '#core/profile';
import type { MeterTruth, RunEvent } from '#core/run';
import {
  cellProgress,
  distinctCells,
  nextCell,
  type CellProgress,
  type Plan,
  type PlanCell,
} from '#core/sweep';
import type { Flag, Trial } from '#core/trial';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';
import { ClockWatch, MOST_SHIFT_S } from './clockWatch.ts';
import { withOverhead } from './overhead.ts';
import { SampleFeed } from './sampleFeed.ts';
import { shortestWindowS, spanOfQueries, trialOfWindow, type MeasuredWindow } from './windowTrial.ts';

/** Where everything goes as it happens. Times are s on the run's clock, which goes on when a run is resumed. */
export interface RunSink {
  sample(sample: EnergySample): void;
  /** the trial is kept for good when this returns */
  trial(trial: Trial): void;
  event(event: RunEvent): void;
  truth(truth: MeterTruth): void;
}

/** What a watcher sees. Times are s on the run's clock. */
export type Progress =
  | { readonly kind: 'sample'; readonly sample: EnergySample }
  | { readonly kind: 'idle'; readonly untilS: number }
  | { readonly kind: 'truth'; readonly truth: MeterTruth }
  | {
      readonly kind: 'query';
      readonly cell: PlanCell;
      readonly index: number;
      readonly repeats: number;
      readonly startS: number;
    }
  | { readonly kind: 'trial'; readonly trial: Trial; readonly cells: readonly CellProgress[] }
  | { readonly kind: 'event'; readonly event: RunEvent };

export interface Measurement {
  readonly plan: Plan;
  readonly meter: Meter;
  readonly engine: Engine;
  readonly sink: RunSink;
  /** trials of before, when a run is resumed */
  readonly trials: readonly Trial[];
  /** the machine's monotonic clock, s */
  readonly clock: () => number;
  /** where the run's clock stands at the start, s: 0, or behind everything that a resumed run has */
  readonly runStartS: number;
  /** aborts the query in progress; its trial is lost, everything before is kept */
  readonly signal: AbortSignal;
  /** resolves at once, or with true when a pause is over; asked between trials */
  readonly betweenTrials?: () => Promise<boolean>;
  /** flags that the surroundings put on the trial just made (thermal pressure, power source) */
  readonly surroundings?: (span: Span) => Promise<readonly Flag[]>;
  readonly watch?: (progress: Progress) => void;
}

/** A window that ran, before its energy is read. */
type Found = Omit<MeasuredWindow, 'samples' | 'clockShiftS'>;

/** Queries repeated in a window, at the most. */
const MOST_REPEATS = 2000;
/** Longest wait for the power to come down to the idle baseline between trials, s. */
const COOL_DOWN_LIMIT_S = 10;
/** The power counts as idle again when it is within this fraction of the baseline. */
const COOL_DOWN_WITHIN = 0.1;
/** Longest wait for a meter's first sample, s. */
const FIRST_SAMPLE_S = 30;

/**
 * Carries a plan out to its end: idle baseline and truth of the meter first, then trial by trial in the plan's
 * order, each in a window long enough for the meter.
 * @returns all trials, those of before included
 * @throws LabError "interrupted" when the signal aborts, or what meter or engine failed with; what was handed to
 * the sink is kept
 */
export async function carryOut(measurement: Measurement): Promise<readonly Trial[]> {
  const { plan, meter, sink, clock, signal } = measurement;
  const planned = distinctCells(plan.cells);
  const originS = clock() - measurement.runStartS;
  const watch = (progress: Progress): void => measurement.watch?.(progress);
  const feed = new SampleFeed(meter, (sample) => {
    clocks.take(sample);
    const own = { ...sample, startS: sample.startS - originS, endS: sample.endS - originS };
    sink.sample(own);
    watch({ kind: 'sample', sample: own });
  });
  const clocks = new ClockWatch(feed, meter.info);
  /** what the trials were made of, to read them anew when the meter's clock turns out to be late */
  const made: Found[] = [];
  const say = (kind: RunEvent['kind'], message: string, idleW?: RailEnergy): void => {
    const event: RunEvent = {
      atS: clock() - originS,
      kind,
      message,
      ...(idleW === undefined ? {} : { idleW }),
    };
    sink.event(event);
    watch({ kind: 'event', event });
  };

  const trials = [...measurement.trials];
  try {
    say(
      trials.length > 0 ? 'resume' : 'start',
      `${planned.length} cells, seed ${plan.seed}, ${meter.info.name}`,
    );
    // A meter needs a moment to start; the baseline begins when it measures.
    await feed.next(FIRST_SAMPLE_S * 1000, signal);
    const { done, overhead } = await withOverhead(meter, clock, idleBaseline);
    const own = overhead === undefined ? {} : { overhead };
    let idle = done;
    let truth = truthOf(idle.samples, meter.info, own);
    sink.truth(truth);
    watch({ kind: 'truth', truth });
    let knowsStep = false;
    let sinceIdle = 0;
    for (;;) {
      throwIfAborted();
      const held = (await measurement.betweenTrials?.()) === true;
      throwIfAborted();
      const next = nextCell(plan, trials);
      if (next === undefined) break;
      if (held || sinceIdle >= plan.idleEveryTrials) {
        idle = await idleBaseline();
        sinceIdle = 0;
      }
      await coolDown(idle.totalW);
      await lookAtClock();
      const trial = await makeTrial(next.cell, next.warmUp, truth, idle.railsW);
      trials.push(trial);
      sinceIdle += 1;
      const stepW = knowsStep ? undefined : powerStep(trial, idle.totalW);
      if (stepW !== undefined) {
        // What a window's edge can be off by depends on how much the power jumps there: now it is known.
        knowsStep = true;
        truth = truthOf(idle.samples, meter.info, { ...own, stepW });
        sink.truth(truth);
        watch({ kind: 'truth', truth });
      }
      const progress = keep(trial).find(({ cell }) => cell.m === trial.m && cell.n === trial.n);
      refuseBlindMeter(trial);
      if (progress?.done) say('cell-done', `(${trial.m}, ${trial.n}): ${progress.valid} valid trials`);
    }
    await idleBaseline();
    await lookAtClock();
    say('end', `${trials.length} trials`);
    return trials;
  } finally {
    await feed.close();
  }

  /** Hands a trial on, a new one or one that was read anew. */
  function keep(trial: Trial): CellProgress[] {
    sink.trial(trial);
    const cells = planned.map((cell) => cellProgress(plan, cell, trials));
    watch({ kind: 'trial', trial, cells });
    return cells;
  }

  /** Reads the trials so far anew where the meter's samples turn out to be late, and says so. */
  async function lookAtClock(): Promise<void> {
    const offset = clocks.look();
    if (offset !== undefined) {
      const { records, truth } = made.at(-1)!;
      await feed.reach(records.at(-1)!.endS - offset.shiftS, reachLimitS(truth), clock, signal);
      throwIfAborted();
      for (const each of made) {
        const trial = trialOf(each);
        trials[trial.index] = trial;
        keep(trial);
      }
      say('warning', clockSentence(offset, made.length));
      clocks.close();
    }
    if (!clocks.open) made.length = 0;
  }

  function throwIfAborted(): void {
    if (!signal.aborted) return;
    throw new LabError(
      'interrupted',
      'The run was interrupted. Every completed trial is kept; the one in progress is lost.',
      'Resume it to finish the plan.',
    );
  }

  /** A window long enough for the meter in which the CPU drew nothing: what else it reads is not to be trusted. */
  function refuseBlindMeter({ flags, m, n }: Trial): void {
    if (!flags.includes('cpu-zero-while-busy')) return;
    if (flags.some((flag) => ['warm-up', 'window-too-short', 'coverage-below-95'].includes(flag))) return;
    throw new LabError(
      'meter-lost',
      `${meter.info.name} says that the CPU drew nothing while ${m} tokens went in and ${n} came out, which cannot be. ` +
        'The trials so far are kept, this one flagged.',
      'Choose another meter; some releases of macOS read the CPU as 0 W.',
    );
  }

  /** Mean power by rail with the engine idle; also feeds the truth meter. */
  async function idleBaseline(): Promise<{
    samples: readonly EnergySample[];
    railsW: RailEnergy;
    totalW: number | undefined;
  }> {
    const startS = clock();
    const lengthS = Math.max(plan.idleS, 1);
    watch({ kind: 'idle', untilS: startS + lengthS - originS });
    feed.keepFrom(startS);
    await feed.reach(startS + lengthS, lengthS + 30, clock, signal);
    throwIfAborted();
    const span = { startS, endS: startS + lengthS };
    const samples = feed.within(span);
    if (samples.length < 2) {
      throw new LabError(
        'meter-lost',
        `${meter.info.name} gave ${samples.length} samples in ${lengthS} s of idle, so nothing can be measured with it.`,
        'Look at crossover doctor, or choose another meter.',
      );
    }
    const { energyJ, coverage } = energyIn(samples, span);
    const railsW: RailEnergy = {};
    for (const rail of RAILS) {
      if (energyJ[rail] !== undefined) railsW[rail] = energyJ[rail] / (lengthS * coverage);
    }
    const totalW = totalOf(railsW);
    say('idle', `idle at ${totalW === undefined ? 'unknown power' : `${totalW.toFixed(2)} W`}`, {
      ...railsW,
    });
    return { samples, railsW, totalW };
  }

  /** Waits until the power is near the idle baseline again, or a limit passes. */
  async function coolDown(idleW: number | undefined): Promise<void> {
    if (idleW === undefined || settlesAtOnce(meter.info)) return;
    const until = clock() + COOL_DOWN_LIMIT_S;
    while (clock() < until && !signal.aborted) {
      const power = feed.recentPower(2 * truthCadence());
      if (power === undefined || power <= idleW * (1 + COOL_DOWN_WITHIN)) return;
      await feed.next(1000, signal);
    }
    if (!signal.aborted) {
      say(
        'cool-down',
        `the power was still above idle after ${COOL_DOWN_LIMIT_S} s; the next trial began all the same`,
      );
    }
  }

  function truthCadence(): number {
    return meter.info.requestedS ?? 0.5;
  }

  async function makeTrial(
    cell: PlanCell,
    warmUp: boolean,
    truth: MeterTruth,
    idleW: RailEnergy,
  ): Promise<Trial> {
    const expected = warmUp ? 1 : repeatsFor(cell, truth);
    const index = trials.length;
    await meter.mark?.();
    const startS = clock();
    feed.keepFrom(startS - MOST_SHIFT_S);
    watch({ kind: 'query', cell, index, repeats: expected, startS: startS - originS });
    const records: QueryRecord[] = [];
    // The same query again until the window is long enough: how long one takes is never known before.
    const longEnough = (): boolean =>
      warmUp || records.at(-1)!.endS - records[0]!.startS >= shortestWindowS(truth);
    do {
      throwIfAborted();
      const seed = (plan.seed * 1_000_003 + index * MOST_REPEATS + records.length) >>> 0;
      records.push(await measurement.engine.query(cell.m, cell.n, { seed, signal }));
    } while (!longEnough() && records.length < MOST_REPEATS);
    const window = spanOfQueries(records);
    await meter.mark?.();
    await feed.reach(window.endS - clocks.shiftS, reachLimitS(truth), clock, signal);
    throwIfAborted();
    const flags = [...((await measurement.surroundings?.(window)) ?? [])];
    const found = {
      index,
      cell,
      warmUp,
      records,
      truth,
      idleW,
      estimate: meter.info.estimate,
      flags,
      originS,
    };
    clocks.worked(window);
    if (clocks.open) made.push(found);
    return trialOf(found);
  }

  /** About how often a query must run for its window to be long enough, from what is known of the cell. */
  function repeatsFor(cell: PlanCell, truth: MeterTruth): number {
    const known = trials.filter((trial) => trial.m === cell.m && trial.n === cell.n).at(-1);
    if (known === undefined) return 1;
    return Math.min(MOST_REPEATS, Math.max(1, Math.ceil(shortestWindowS(truth) / known.runtimeS)));
  }

  function trialOf(window: Found): Trial {
    return trialOfWindow({
      ...window,
      samples: clocks.within(spanOfQueries(window.records)),
      clockShiftS: clocks.shiftS,
    });
  }
}

/** How long a window's last samples are waited for, s. */
function reachLimitS({ cadenceP95S }: MeterTruth): number {
  return Math.max(5, 10 * cadenceP95S);
}

function clockSentence({ shiftS, uncertaintyS }: ClockOffset, trials: number): string {
  const by = `${Math.abs(shiftS).toFixed(2)} s (± ${uncertaintyS.toFixed(2)} s)`;
  return (
    `The meter's samples are ${shiftS < 0 ? 'late' : 'early'} by ${by}, as the work of ${trials} trials shows. ` +
    `Windows are read with that taken into account, those ${trials} anew; the samples are kept as they came.`
  );
}

/** By how much the power of a trial lies above idle, W; undefined where one of them is not known. */
function powerStep(trial: Trial, idleW: number | undefined): number | undefined {
  const energy = totalOf(trial.energyJ);
  const length = trial.energyOf === 'queries' ? trial.runtimeS : (trial.endS - trial.startS) / trial.repeats;
  return energy === undefined || idleW === undefined ? undefined : Math.max(0, energy / length - idleW);
}

/** Whether waiting for idle power tells nothing: a replayed trace and a stated power do not follow the engine. */
function settlesAtOnce(info: MeterInfo): boolean {
  return info.kind === 'replay' || info.kind === 'estimate';
}
