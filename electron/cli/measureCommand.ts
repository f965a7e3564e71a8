import type { Command } from 'commander';
import type { ActiveRun, RunNews } from '#core/activeRun';
import { ENGINE_KINDS } from '#core/engine';
import { LabError } from '#core/errors';
import { runRequestSchema } from '#core/runRequest';
import { shardSchema, type Shard } from '#core/sweep';
import type { Lab } from '../lab.ts';
import { requireRunId } from '../lab/startOrResume.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { planLines, preflight } from './preflight.ts';
import { runAnswer } from './runAnswer.ts';

interface MeasureFlags {
  readonly engine: string;
  readonly model: string;
  readonly url?: string;
  readonly kvCache: boolean;
  readonly meter: string;
  readonly sweep: string;
  readonly target?: string;
  readonly maxTrials?: string;
  readonly seed: string;
  readonly idle?: string;
  readonly name?: string;
  readonly shard?: string;
  readonly run?: string;
  readonly resume?: string;
  readonly ignorePreflight?: boolean;
}

/** `measure`: runs a sweep on this computer and makes a profile of it. */
export function addMeasure(program: Command, { add }: Registrar): void {
  const defaults = runRequestSchema.parse({});
  add<MeasureFlags>(
    program,
    'measure',
    {
      description:
        'measures what queries cost on this computer: runs a sweep, stores every sample and trial as it happens, ' +
        'and makes a profile; Ctrl-C pauses it, --resume goes on',
      example: 'measure --model synthetic:tiny --sweep quick',
    },
    measure,
  )
    .option('--engine <kind>', ENGINE_KINDS.join(' | '), defaults.engine)
    .option(
      '--model <model>',
      'synthetic:SHAPE[:QUANTISATION] (made-up weights in the shape of a model), a GGUF file, or a server’s name',
      defaults.model,
    )
    .option('--url <url>', 'address of the server; each kind has its own on this computer')
    .option('--no-kv-cache', 'evaluate the whole sequence for every token, as the paper did (embedded only)')
    .option(
      '--meter <meter>',
      'auto | ioreport | powermetrics | macmon | rapl | nvidia-smi | replay:FILE | estimate:WATTS',
      defaults.meter,
    )
    .option('--sweep <sweep>', 'paper | quick | grid | cells such as "8,32 64,32"', defaults.sweep)
    .option(
      '--target <fraction>',
      'half the 95% interval over the mean at which a cell is done (default: 0.05)',
    )
    .option('--max-trials <number>', 'most trials of a cell')
    .option('--seed <number>', 'of the order and of the prompts', String(defaults.seed))
    .option('--idle <s>', 'length of the idle baselines')
    .option('--name <name>', 'name of the run')
    .option(
      '--shard <i/N>',
      'only the i-th of N shards of the sweep; import the bundles of all of them together',
    )
    .option(
      '--run <id>',
      'goes on with the run of this id, or begins it: for tasks that may be started again',
    )
    .option('--resume <run>', 'goes on with a run that was paused, interrupted or failed')
    .option('--ignore-preflight', 'starts even where the look before says stop');
}

async function measure(context: Context, _args: readonly string[], flags: MeasureFlags): Promise<Answer> {
  const interrupted = context.takeInterrupt();
  return context.inLabAsync(async (lab) => {
    const stop = (): void => lab.runs.interrupt();
    interrupted.addEventListener('abort', stop, { once: true });
    const unwatch = lab.runs.watch(reporter(context.say));
    try {
      const asked = toBeMeasured(lab, flags);
      if (asked !== undefined) {
        const ignore = flags.ignorePreflight === true;
        const preview = await preflight(lab.runs, asked.request, { say: context.say, ignore });
        if (asked.fresh) for (const line of planLines(preview)) context.say(`  ${line}`);
      }
      const started = begin(lab, flags);
      if (started === null) return doneAlready(context, lab, flags.run ?? '');
      if (interrupted.aborted) stop();
      const ended = (await lab.runs.ended()) ?? started;
      return answerOf(context, lab, ended, interrupted.aborted);
    } finally {
      unwatch();
      interrupted.removeEventListener('abort', stop);
    }
  });
}

/** What is going to be measured, from its start or on from before; undefined where nothing is, as `begin` will say. */
function toBeMeasured(lab: Lab, flags: MeasureFlags): { request: unknown; fresh: boolean } | undefined {
  const { resume, run: id = resume } = flags;
  if (resume !== undefined && !lab.runs.hasRun(resume)) return undefined;
  if (flags.run !== undefined) requireRunId(flags.run);
  if (id === undefined || !lab.runs.hasRun(id)) return { request: requestOf(flags), fresh: true };
  const { run } = lab.runs.show(id);
  return run.state === 'done' || run.request === undefined
    ? undefined
    : { request: run.request, fresh: false };
}

/** @returns null when the run that was asked for is done already */
function begin(lab: Lab, flags: MeasureFlags): ActiveRun | null {
  if (flags.resume !== undefined && flags.run !== undefined) {
    throw new LabError(
      'wrong-usage',
      'Both --run and --resume were given. Nothing was started.',
      '--run goes on with a run or begins it, --resume only goes on with one: give one of them.',
    );
  }
  if (flags.resume !== undefined) return lab.runs.resume(flags.resume);
  const request = requestOf(flags);
  return flags.run === undefined ? lab.runs.start(request) : lab.runs.startOrResume(flags.run, request);
}

function doneAlready(context: Context, lab: Lab, id: string): Answer {
  context.say(`The run ${id} is done already, so nothing was measured.`);
  return runAnswer(lab, lab.runs.show(id));
}

function answerOf(context: Context, lab: Lab, ended: ActiveRun, interrupted: boolean): Answer {
  const stored = lab.runs.hasRun(ended.id);
  if (ended.error !== undefined) {
    if (stored) {
      context.say(
        `${ended.trials.length} trials are kept in the run ${ended.id}. To go on: crossover measure --resume ${ended.id}`,
      );
    }
    const { kind, message, hint } = ended.error;
    throw new LabError(kind as LabError['kind'], message, hint);
  }
  if (!stored) {
    throw new LabError(
      'interrupted',
      'Interrupted before the first measurement, so nothing was stored.',
      'Start it again.',
    );
  }
  if (interrupted) context.say(`Paused. To go on: crossover measure --resume ${ended.id}`);
  return runAnswer(lab, lab.runs.show(ended.id), interrupted ? 130 : 0);
}

/** Numbers are checked here, everything else by the request's own form. */
function requestOf(flags: MeasureFlags): unknown {
  return {
    engine: flags.engine,
    model: flags.model,
    kvCache: flags.kvCache,
    meter: flags.meter,
    sweep: flags.sweep,
    seed: Number(flags.seed),
    ...(flags.url === undefined ? {} : { url: flags.url }),
    ...(flags.target === undefined ? {} : { target: Number(flags.target) }),
    ...(flags.maxTrials === undefined ? {} : { maxTrials: Number(flags.maxTrials) }),
    ...(flags.idle === undefined ? {} : { idleS: Number(flags.idle) }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.shard === undefined ? {} : { shard: shardOf(flags.shard) }),
  };
}

function shardOf(text: string): Shard {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? [];
  const shard = shardSchema.safeParse({ index: Number(index), of: Number(of) });
  if (shard.success) return shard.data;
  throw new LabError(
    'bad-setting',
    `"${text}" is no shard of a sweep. Nothing was started.`,
    'Give which one and of how many, from 1 on, as in --shard 2/8.',
  );
}

/** Progress on standard error: a line for each thing that changed, never the same twice. */
function reporter(say: (text: string) => void): (news: RunNews) => void {
  let last = '';
  let warned = 0;
  let trials = -1;
  return (news) => {
    if (news.news !== 'state') return;
    const { run } = news;
    for (const warning of run.warnings.slice(warned)) say(`  ! ${warning}`);
    warned = Math.max(warned, run.warnings.length);
    const percent = run.fraction === undefined ? '' : ` ${Math.floor(run.fraction * 10) * 10}%`;
    if (run.state === 'preparing' || run.state === 'idle') {
      const line = `${run.what}${percent}`;
      if (line !== last) say(`  ${line}`);
      last = line;
      return;
    }
    if (run.trials.length === trials || run.trials.length === 0) return;
    trials = run.trials.length;
    say(`  ${trialLine(run)}`);
  };
}

function trialLine(run: ActiveRun): string {
  const trial = run.trials.at(-1)!;
  const done = run.cells.filter((cell) => cell.done).length;
  const fate = trial.fault ?? (trial.flags.length > 0 ? trial.flags.join(', ') : 'valid');
  const left = run.remainingS === undefined ? '' : `, about ${Math.ceil(run.remainingS / 60)} min left`;
  return (
    `trial ${trial.index + 1}: ${trial.m} in → ${trial.n} out × ${trial.repeats}, ` +
    `${(trial.runtimeS * 1000).toPrecision(3)} ms (${fate}); ${done} of ${run.cells.length} cells done${left}`
  );
}
