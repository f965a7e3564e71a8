import type { Command } from 'commander';
import { readoutText, timeReadout } from '#core/format';
import { LabError } from '#core/errors';
import { RAILS } from '#core/profile';
import type { RunSummary } from '#core/runSummary';
import type { Registrar } from './command.ts';
import { addRunBundles } from './runBundleCommands.ts';
import { runAnswer } from './runAnswer.ts';
import { table } from './text.ts';

interface SamplesFlags {
  readonly from?: string;
  readonly to?: string;
}

/** `runs list | show | samples | export | import | remove`: what was measured here. */
export function addRuns(program: Command, registrar: Registrar): void {
  const { add } = registrar;
  const group = program
    .command('runs')
    .description('what was measured here: list, show, samples, export, import, remove');
  add(group, 'list', { description: 'every run, the latest first', example: 'runs list' }, (context) => {
    const runs = context.inLab('read', (lab) => lab.runs.list());
    return { data: { runs }, text: () => listText(runs) };
  });
  add(
    group,
    'show',
    {
      description: 'a run with its cells, trials and what happened',
      example: 'runs show run-20261123-1a2b3c',
    },
    (context, [id = '']) => {
      return context.inLab('read', (lab) => {
        const shown = lab.runs.show(id);
        const { data, text } = runAnswer(lab, shown);
        return { data: { ...data, trialList: shown.trials }, text };
      });
    },
  ).argument('<id>', 'id of the run, see crossover runs list');
  add<SamplesFlags>(
    group,
    'samples',
    {
      description:
        'the raw samples of a run: start and end in s on the run’s clock, energy of each rail in J',
      example: 'runs samples run-20261123-1a2b3c --from 0 --to 60',
    },
    (context, [id = ''], flags) => {
      const span = { startS: seconds('--from', flags.from, 0), endS: seconds('--to', flags.to, Infinity) };
      const samples = context.inLab('read', (lab) => [...lab.runs.samples(id, span)]);
      return {
        data: { run: id, samples },
        text: () => {
          const rails = RAILS.filter((rail) => samples.some((sample) => sample.energyJ[rail] !== undefined));
          return [
            ['start_s', 'end_s', ...rails.map((rail) => `${rail}_j`)].join(','),
            ...samples.map((sample) =>
              [sample.startS, sample.endS, ...rails.map((rail) => sample.energyJ[rail] ?? '')].join(','),
            ),
          ].join('\n');
        },
      };
    },
  )
    .argument('<id>', 'id of the run, see crossover runs list')
    .option('--from <s>', 'only from this time on')
    .option('--to <s>', 'only up to this time');
  addRunBundles(group, registrar);
}

function seconds(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new LabError(
    'bad-setting',
    `${flag} is a time in seconds; "${text}" is not.`,
    `Give a number such as ${flag} 30.`,
  );
}

function listText(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'Nothing has been measured here yet. crossover measure does it.';
  return table(
    [
      { title: 'id' },
      { title: 'state' },
      { title: 'model' },
      { title: 'meter' },
      { title: 'cells', align: 'right' },
      { title: 'valid', align: 'right' },
      { title: 'time', align: 'right' },
    ],
    runs.map((run) => [
      run.id,
      run.state,
      `${run.model} ${run.quantisation}`,
      run.estimate ? `${run.meterName} (estimate)` : run.meterName,
      `${run.cellsDone}/${run.cells}`,
      String(run.valid),
      readoutText(timeReadout(run.durationS)),
    ]),
  );
}
