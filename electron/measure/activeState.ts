import type { ActiveRun, RunNews } from '#core/activeRun';
import { errorData } from '#core/errors';
import { RAILS } from '#core/profile';
import type { RunRequest } from '#core/runRequest';
import { cellProgress, distinctCells, type Plan } from '#core/sweep';
import { withTrial, type Trial } from '#core/trial';
import type { Progress } from './runner.ts';
import { remaining } from './timeLeft.ts';

/** Power news are sent at most this often, ms. */
const POWER_EVERY_MS = 100;

type PowerSample = Extract<RunNews, { news: 'power' }>['samples'][number];

/** What a run looks like from outside, kept up to date, and told to whoever listens. */
export class ActiveState {
  #run: ActiveRun;
  #power: PowerSample[] = [];
  #powerTimer: ReturnType<typeof setTimeout> | undefined;
  #before: ActiveRun['state'] = 'preparing';

  constructor(
    id: string,
    private readonly request: RunRequest,
    plan: Plan,
    trials: readonly Trial[],
    private readonly tell: (news: RunNews) => void,
  ) {
    this.#run = {
      id,
      name: request.name ?? '',
      state: 'preparing',
      what: 'opening the engine',
      engine: request.engine,
      model: request.model,
      meter: request.meter,
      estimate: request.meter.startsWith('estimate'),
      plan,
      cells: distinctCells(plan.cells).map((cell) => cellProgress(plan, cell, trials)),
      trials: [...trials],
      nowS: 0,
      warnings: [],
    };
  }

  get run(): ActiveRun {
    return this.#run;
  }

  /** Changes fields; undefined takes a field away. */
  change(changes: { [K in keyof ActiveRun]?: ActiveRun[K] | undefined }): void {
    const next = Object.entries({ ...this.#run, ...changes }).filter(([, value]) => value !== undefined);
    this.#run = Object.fromEntries(next) as unknown as ActiveRun;
    this.tell({ news: 'state', run: this.#run });
  }

  /** Takes in what the runner says. */
  take(progress: Progress): void {
    const { plan } = this.#run;
    switch (progress.kind) {
      case 'sample':
        this.#takeSample(progress.sample);
        break;
      case 'idle':
        this.change({ state: 'idle', what: 'measuring the idle baseline', query: undefined });
        break;
      case 'truth':
        this.change({ truth: progress.truth });
        break;
      case 'query': {
        const { cell, repeats, startS, index } = progress;
        const times = repeats === 1 ? '' : `, ${repeats} queries`;
        this.change({
          state: 'measuring',
          what: `${cell.m} in → ${cell.n} out, trial ${index + 1}${times}`,
          query: { ...cell, startS, repeats },
          nowS: startS,
        });
        break;
      }
      case 'trial': {
        const trials = withTrial(this.#run.trials, progress.trial);
        const left = remaining(plan, trials, this.request.kvCache);
        this.change({
          trials,
          cells: [...progress.cells],
          nowS: progress.trial.endS,
          remainingS: left?.seconds,
          remainingJ: left?.energyJ,
        });
        break;
      }
      case 'event':
        if (progress.event.kind === 'warning' || progress.event.kind === 'cool-down') {
          this.change({ warnings: [...this.#run.warnings, progress.event.message].slice(-20) });
        } else if (progress.event.kind === 'idle' && progress.event.idleW !== undefined) {
          this.change({ idleW: progress.event.idleW });
        }
        break;
    }
  }

  /** The state of before a pause comes back when it ends. */
  hold(paused: boolean): void {
    if (paused) {
      this.#before = this.#run.state;
      this.change({ state: 'paused', what: 'paused', query: undefined });
    } else {
      this.change({ state: this.#before, what: 'going on' });
    }
  }

  fail(thrown: unknown): void {
    const { kind, message, hint } = errorData(thrown);
    this.change({
      state: 'failed',
      what: 'ended by a failure',
      query: undefined,
      error: { kind, message, ...(hint === undefined ? {} : { hint }) },
    });
  }

  close(): void {
    this.#sendPower();
  }

  #takeSample(sample: Extract<Progress, { kind: 'sample' }>['sample']): void {
    const seconds = sample.endS - sample.startS;
    const watts: PowerSample['watts'] = {};
    for (const rail of RAILS) {
      if (sample.energyJ[rail] !== undefined) watts[rail] = sample.energyJ[rail] / seconds;
    }
    this.#power.push({ startS: sample.startS, endS: sample.endS, watts });
    this.#powerTimer ??= setTimeout(() => this.#sendPower(), POWER_EVERY_MS);
  }

  #sendPower(): void {
    clearTimeout(this.#powerTimer);
    this.#powerTimer = undefined;
    if (this.#power.length === 0) return;
    this.tell({ news: 'power', run: this.#run.id, samples: this.#power });
    this.#power = [];
  }
}
