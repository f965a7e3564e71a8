import { energyReadout, formatNumber, formatPercent, readoutText, timeReadout } from '#core/format';
import { totalOf } from '#core/meter';
import { meterNotes } from '#core/meterNotes';
import { meanHalfWidth95 } from '#core/statistics';
import { meanAndSd } from '#core/statistics';
import { distinctCells } from '#core/sweep';
import { countTrials, trialFate } from '#core/trial';
import type { Lab } from '../lab.ts';
import type { ShownRun } from '../lab/labRuns.ts';
import { besideThePaper } from '../lab/likeForLike.ts';
import { measuredEnergyJ } from '#core/trial';
import type { Answer } from './command.ts';
import { likeForLikeText } from './likeForLikeText.ts';
import { facts, heading, paragraphs, table, wrap } from './text.ts';

interface CellRow {
  readonly m: number;
  readonly n: number;
  readonly trials: number;
  /** mean gross energy of a query over the valid trials, J; null without one */
  readonly energyJ: number | null;
  readonly halfEnergyJ: number | null;
  readonly runtimeS: number | null;
  readonly halfRuntimeS: number | null;
}

/** The cells of a run with their means over valid trials, in the plan's order. */
function cellRows({ run, trials }: ShownRun): CellRow[] {
  return distinctCells(run.plan.cells).map(({ m, n }) => {
    const valid = trials.filter((trial) => trial.m === m && trial.n === n && trialFate(trial) === 'valid');
    const of = (values: readonly number[]): { mean: number | null; half: number | null } => {
      if (values.length === 0) return { mean: null, half: null };
      const { mean, sd } = meanAndSd(values);
      return { mean, half: meanHalfWidth95(sd, values.length) ?? null };
    };
    const energies = valid.map((trial) => totalOf(trial.energyJ)).filter((energy) => energy !== undefined);
    const energy = of(energies);
    const runtime = of(valid.map((trial) => trial.runtimeS));
    return {
      m,
      n,
      trials: valid.length,
      energyJ: energy.mean,
      halfEnergyJ: energy.half,
      runtimeS: runtime.mean,
      halfRuntimeS: runtime.half,
    };
  });
}

/** What `measure` and `runs show` answer: the run, and what would be like for like with the paper's A100. */
export function runAnswer(
  lab: Lab,
  shown: ShownRun,
  exitCode = 0,
): Answer & { readonly data: Record<string, unknown> } {
  const { run, profile } = shown;
  const meter = run.request?.meter;
  const match =
    profile === null
      ? undefined
      : besideThePaper(lab, lab.showProfile(profile).profile, meter === undefined ? {} : { meter });
  return {
    data: { ...runDocument(shown), likeForLike: match ?? null },
    text: (columns) => paragraphs(runText(shown, columns), likeForLikeText(match, columns)),
    exitCode,
  };
}

/** A run as JSON. */
function runDocument(shown: ShownRun): Record<string, unknown> {
  const { run, trials, events, profile, span } = shown;
  const { valid, warmUps, flagged, dropped } = countTrials(trials);
  return {
    run: run.id,
    profile,
    name: run.name,
    state: run.state,
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    cells: cellRows(shown),
    /** warm-ups are among the flagged */
    trials: { valid, flagged: flagged + warmUps, dropped, warmUps },
    energyJ: measuredEnergyJ(trials) ?? null,
    durationS: span === null ? 0 : span.endS - span.startS,
    meter: run.meter,
    engine: run.engine,
    environment: run.environment,
    truth: run.truth ?? null,
    plan: run.plan,
    events,
  };
}

/** The same for people. */
function runText(shown: ShownRun, columns: number): string {
  const { run, trials, profile } = shown;
  const counts = countTrials(trials);
  const energy = measuredEnergyJ(trials);
  const estimate = run.meter.estimate ? 'estimate: ' : '';
  const mean = (value: number | null): string => (value === null ? '–' : formatNumber(value, 4));
  const half = (value: number | null, of: number | null): string =>
    value === null || of === null ? '–' : `± ${formatNumber((100 * value) / of, 2)}%`;
  return paragraphs(
    heading(run.name),
    facts(
      [
        ['run', `${run.id}, ${run.state}`],
        ['engine', `${run.engine.name}, ${run.engine.device}`],
        [
          'model',
          `${run.engine.model.name}, ${run.engine.model.quantisation}${run.engine.model.synthetic ? ', made-up weights' : ''}`,
        ],
        ['meter', `${run.meter.name}${run.meter.estimate ? ': an estimate, not a measurement' : ''}`],
        [
          'trials',
          `${counts.valid} valid, ${counts.warmUps} to warm up, ${counts.flagged} flagged, ${counts.dropped} dropped`,
        ],
        ...(trials.some(({ cacheTold }) => cacheTold === false)
          ? [
              [
                'cache',
                'the server does not tell of it; every prompt differed from its first token on',
              ] as const,
            ]
          : []),
        [
          'energy',
          energy === undefined
            ? 'not measured'
            : `${estimate}${readoutText(energyReadout(energy))} in all queries`,
        ],
        ...(run.truth === undefined || run.meter.estimate
          ? []
          : [
              [
                'windows',
                `samples every ${formatNumber(run.truth.cadenceS * 1000, 3)} ms, ± ${formatNumber(run.truth.plusMinusJ, 2)} J ` +
                  `a window, at least ${readoutText(timeReadout(run.truth.shortestWindowS))} long`,
              ] as const,
            ]),
        ...(run.truth?.overhead === undefined
          ? []
          : [
              [
                'overhead',
                `the meter and its reading use ${formatPercent(run.truth.overhead)} of a core`,
              ] as const,
            ]),
      ],
      columns,
    ),
    ...shown.events
      .filter(({ crossCheck }) => crossCheck !== undefined)
      .map(({ message }) => wrap(message, columns)),
    ...meterNotes(run.meter, run.environment).map((note) => wrap(note, columns)),
    ...clockSentence(trials).map((sentence) => wrap(sentence, columns)),
    table(
      [
        { title: 'm', align: 'right' },
        { title: 'n', align: 'right' },
        { title: 'trials', align: 'right' },
        { title: `${estimate}energy, J`, align: 'right' },
        { title: '95%', align: 'right' },
        { title: 'runtime, s', align: 'right' },
        { title: '95%', align: 'right' },
      ],
      cellRows(shown).map((row) => [
        String(row.m),
        String(row.n),
        String(row.trials),
        mean(row.energyJ),
        half(row.halfEnergyJ, row.energyJ),
        mean(row.runtimeS),
        half(row.halfRuntimeS, row.runtimeS),
      ]),
    ),
    wrap(
      profile === null
        ? 'No cell has a valid trial yet, so there is no profile.'
        : `The profile is ${profile}. To compare it: crossover analyze --small ${profile}`,
      columns,
    ),
  );
}

/** Whether windows were read with the meter's clock moved. */
function clockSentence(trials: ShownRun['trials']): string[] {
  const moved = trials.filter(({ clockShiftS }) => clockShiftS !== undefined);
  if (moved.length === 0) return [];
  const { clockShiftS } = moved.at(-1)!;
  return [
    `The meter's samples were late: ${moved.length} of ${trials.length} windows are read with its clock moved by ` +
      `${formatNumber(clockShiftS!, 2)} s.`,
  ];
}
