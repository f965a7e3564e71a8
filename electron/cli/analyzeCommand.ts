import type { Command } from 'commander';
import { POLICIES } from '#core/policy';
import { PAPER_SETTINGS, settingsSchema, type StudySettings } from '#core/study';
import { parseChoice } from './choice.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { parseFraction } from './fraction.ts';
import { studyAnswer } from './studyAnswer.ts';

interface AnalyzeFlags {
  readonly small: string;
  readonly large: string;
  readonly workload: string;
  readonly model: string;
  readonly policy: string;
  readonly lambda: string;
  readonly cost: string;
  readonly boundary: string;
  readonly thresholds: string;
  readonly minSaving: string;
}

const { shape } = settingsSchema;
const COSTS = shape.cost.unwrap().options;
const BOUNDARIES = shape.boundary.unwrap().options;
const THRESHOLDS = shape.thresholds.unwrap().options;

/** `analyze`: runs a study, stores it and says which queries belong where. */
export function addAnalyze(program: Command, { add }: Registrar): void {
  const { small, large, workload, energyModel, policy, lambda, cost, boundary, thresholds, minSaving } =
    PAPER_SETTINGS;
  add<AnalyzeFlags>(
    program,
    'analyze',
    {
      description:
        'which queries belong on the small system and which on the large one: runs a study, stores it, and gives ' +
        "the verdict; every flag has a default, which together make the paper's study",
      example:
        'analyze --small m1-pro.llama-2-7b.sweeps --large swing-a100.llama-2-7b.sweeps --workload gsm8k --lambda 0.5',
    },
    analyze,
  )
    .option('--small <profile>', 'profile of the small system', small)
    .option('--large <profile>', 'profile of the large system', large)
    .option('--workload <id>', 'the queries', workload)
    .option('--model <model>', "energy model; this version has the paper's", energyModel)
    .option('--policy <policy>', [...POLICIES, 'all'].join(' | '), policy)
    .option('--lambda <number>', 'weight λ of energy in the cost U = λE + (1−λ)R, 0 to 1', String(lambda))
    .option(
      '--cost <form>',
      'raw: joules and seconds as they are; normalised: each divided by its largest',
      cost,
    )
    .option('--boundary <boundary>', `which energy is counted: ${BOUNDARIES.join(' | ')}`, boundary)
    .option('--thresholds <which>', THRESHOLDS.join(' | '), thresholds)
    .option(
      '--min-saving <fraction>',
      'the least saving against the better single system that makes a threshold useful',
      String(minSaving),
    );
}

function analyze(context: Context, _args: readonly string[], flags: AnalyzeFlags): Answer {
  const settings: StudySettings = {
    small: flags.small,
    large: flags.large,
    workload: flags.workload,
    energyModel: parseChoice('--model', ['paper'], flags.model),
    policy: parseChoice('--policy', [...POLICIES, 'all'], flags.policy),
    lambda: parseFraction('--lambda', flags.lambda),
    cost: parseChoice('--cost', COSTS, flags.cost),
    boundary: parseChoice('--boundary', BOUNDARIES, flags.boundary),
    thresholds: parseChoice('--thresholds', THRESHOLDS, flags.thresholds),
    minSaving: parseFraction('--min-saving', flags.minSaving),
  };
  return context.inLab('write', (lab) => studyAnswer(lab, lab.showStudy(lab.saveStudy(settings).id)));
}
