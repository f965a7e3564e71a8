import type { Command } from 'commander';
import { commonBoundary } from '#core/analysis/boundary';
import { energyCells } from '#core/analysis/costCells';
import { suggestModel } from '#core/analysis/fitModel';
import { LabError } from '#core/errors';
import { POLICIES } from '#core/policy';
import {
  DEFAULT_REPLICATES,
  DEFAULT_SEED,
  MOST_REPLICATES,
  needsJointModel,
  PAPER_SETTINGS,
  settingsSchema,
  type StudySettings,
} from '#core/study';
import type { Lab } from '../lab.ts';
import { parseChosen } from '../lab/chosenText.ts';
import { parseStatements } from '../lab/statements.ts';
import { parseChoice } from './choice.ts';
import { parseCapacity } from './capacityFlags.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { parseFraction } from './fraction.ts';
import { analyzeMany, manyProfiles } from './manySystems.ts';
import { studyAnswer } from './studyAnswer.ts';
import { noSurface, surfaceDocument } from './surfaceAnswer.ts';
import { workloadReporter } from './workloadImportAnswer.ts';

interface AnalyzeFlags {
  readonly small: string;
  readonly large: string;
  readonly workload: string;
  readonly model?: string;
  readonly policy: string;
  readonly lambda: string;
  readonly cost: string;
  readonly boundary: string;
  readonly thresholds?: string;
  readonly minSaving: string;
  readonly bootstrap: string;
  readonly seed: string;
  readonly idle: string;
  readonly assume?: readonly string[];
  readonly surface?: string | true;
  readonly at?: string;
  readonly profiles?: string;
  readonly devices?: string;
  readonly arrivalRate?: string;
}

const { shape } = settingsSchema;
const MODELS = shape.energyModel.unwrap().options;
const COSTS = shape.cost.unwrap().options;
const BOUNDARIES = shape.boundary.unwrap().options;
const THRESHOLDS = shape.thresholds.unwrap().options;
const IDLES = ['gross', 'above-idle'] as const;

/** `analyze`: runs a study, stores it and says which queries belong where. */
export function addAnalyze(program: Command, { add }: Registrar): void {
  const { small, large, workload, policy, lambda, cost, boundary, minSaving } = PAPER_SETTINGS;
  add<AnalyzeFlags>(
    program,
    'analyze',
    {
      description:
        'which queries belong on the small system and which on the large one: runs a study, stores it, and gives ' +
        "the verdict; every flag has a default, which together make the paper's study",
      example:
        'analyze --small m1-pro.llama-2-7b.sweeps --large swing-a100.llama-2-7b.sweeps --workload gsm8k --model grid',
    },
    analyze,
  )
    .option('--small <profile>', 'profile of the small system', small)
    .option('--large <profile>', 'profile of the large system', large)
    .option(
      '--profiles <ids>',
      'in place of --small and --large any number of profiles, as a,b,c, from the one for the shortest queries to the ' +
        'one for the longest: ordered thresholds between them, every other policy; --devices then names them by id',
    )
    .option('--workload <id>', 'the queries', workload)
    .option(
      '--model <model>',
      `energy model: ${MODELS.join(' | ')} (default: paper for a single system, threshold-in and threshold-out; for ` +
        'the other policies grid or physical, whichever foretells left-out cells better)',
    )
    .option('--policy <policy>', [...POLICIES, 'all'].join(' | '), policy)
    .option('--lambda <number>', 'weight λ of energy in the cost U = λE + (1−λ)R, 0 to 1', String(lambda))
    .option(
      '--cost <form>',
      'raw: joules and seconds as they are; normalised: each divided by its largest',
      cost,
    )
    .option('--boundary <boundary>', `which energy is counted: ${BOUNDARIES.join(' | ')}`, boundary)
    .option(
      '--idle <which>',
      `${IDLES.join(' | ')}: all energy, or what a query adds to the idle system`,
      'gross',
    )
    .option(
      '--assume <statements...>',
      'what a profile lacks, stated by you and named in the result: large.cpu=40W, small.machine=gpu+cpu+15W, ' +
        'large.idle=300W, large.pue=1.2',
    )
    .option(
      '--thresholds <which>',
      `${THRESHOLDS.join(' | ')} (default: powers-of-two with the paper's model, every-integer with the others)`,
    )
    .option(
      '--at <policy>',
      'a policy with its threshold in place of the best: small, large, threshold-in:32, threshold-out:64, ' +
        'threshold-both:33,81 (input, output) or threshold-product:1264 (the largest product)',
    )
    .option(
      '--surface [side]',
      'with --json: cost, energy, runtime and saving for every pair of thresholds on m and n, at most so many of ' +
        'each (128, at most 1024)',
    )
    .option(
      '--devices <numbers>',
      'devices of each system, as small=4,large=1: adds the optimum that they can carry, the policy capacity',
    )
    .option('--arrival-rate <number>', 'queries per second that the devices are to carry')
    .option(
      '--min-saving <fraction>',
      'the least saving against the better single system that makes a threshold useful',
      String(minSaving),
    )
    .option(
      '--bootstrap <n>',
      `replicates behind the 95% intervals, up to ${MOST_REPLICATES}; 0: no intervals`,
      String(DEFAULT_REPLICATES),
    )
    .option('--seed <n>', 'of the bootstrap: the same seed gives the same intervals', String(DEFAULT_SEED));
}

function analyze(context: Context, _args: readonly string[], flags: AnalyzeFlags): Promise<Answer> {
  const { profiles } = flags;
  if (profiles !== undefined) {
    return analyzeMany(context, {
      ...manyProfiles({ ...flags, profiles }),
      workload: flags.workload,
      lambda: parseFraction('--lambda', flags.lambda),
      cost: parseChoice('--cost', COSTS, flags.cost),
      boundary: parseChoice('--boundary', BOUNDARIES, flags.boundary),
      idle: parseChoice('--idle', IDLES, flags.idle),
      minSaving: parseFraction('--min-saving', flags.minSaving),
      bootstrap: parseWhole('--bootstrap', flags.bootstrap, MOST_REPLICATES),
      seed: parseWhole('--seed', flags.seed, Number.MAX_SAFE_INTEGER),
      ...(flags.model === undefined ? {} : { energyModel: parseChoice('--model', MODELS, flags.model) }),
    });
  }
  const stated = parseStatements(flags.assume ?? []);
  const idle = parseChoice('--idle', IDLES, flags.idle);
  const model = flags.model === undefined ? undefined : parseChoice('--model', MODELS, flags.model);
  const thresholds =
    flags.thresholds === undefined ? undefined : parseChoice('--thresholds', THRESHOLDS, flags.thresholds);
  const capacity = parseCapacity(flags);
  const side = flags.surface === undefined ? undefined : surfaceSide(flags.surface);
  const asked: Omit<StudySettings, 'energyModel' | 'thresholds'> = {
    small: flags.small,
    large: flags.large,
    workload: flags.workload,
    policy: parseChoice('--policy', [...POLICIES, 'all'], flags.policy),
    lambda: parseFraction('--lambda', flags.lambda),
    cost: parseChoice('--cost', COSTS, flags.cost),
    boundary: parseChoice('--boundary', BOUNDARIES, flags.boundary),
    minSaving: parseFraction('--min-saving', flags.minSaving),
    bootstrap: parseWhole('--bootstrap', flags.bootstrap, MOST_REPLICATES),
    seed: parseWhole('--seed', flags.seed, Number.MAX_SAFE_INTEGER),
    ...(idle === 'gross' ? {} : { idle }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(stated === undefined ? {} : { stated }),
    ...(flags.at === undefined ? {} : { chosen: parseChosen(flags.at) }),
  };
  const watch = { signal: context.takeInterrupt(), onProgress: workloadReporter(context.say) };
  return context.inLabAsync(async (lab) => {
    const energyModel = model ?? defaultModel(lab, asked, side !== undefined);
    if (side !== undefined && energyModel === 'paper') throw noSurface();
    const every = energyModel === 'paper' ? 'powers-of-two' : 'every-integer';
    const settings = { ...asked, energyModel, thresholds: thresholds ?? every };
    const stored = lab.showStudy((await lab.saveStudy(settings, watch)).id);
    const answer = studyAnswer(lab, stored);
    if (side === undefined) return answer;
    return { ...answer, data: { ...(answer.data as object), surface: surfaceDocument(stored, side) } };
  });
}

/** The paper's model where it suffices, else the joint model that foretells both profiles better. */
function defaultModel(
  lab: Lab,
  asked: Omit<StudySettings, 'energyModel' | 'thresholds'>,
  joint: boolean,
): StudySettings['energyModel'] {
  const { policy, idle, stated, capacity, boundary, chosen } = asked;
  const onePolicy = chosen?.policy ?? policy;
  if (
    !joint &&
    !needsJointModel(onePolicy) &&
    !needsJointModel(policy) &&
    idle === undefined &&
    stated === undefined &&
    capacity === undefined
  )
    return 'paper';
  const profiles = [asked.small, asked.large].map((id) => lab.showProfile(id).profile);
  const { rules } = commonBoundary(
    [
      { profile: profiles[0]!, stated: stated?.small },
      { profile: profiles[1]!, stated: stated?.large },
    ],
    boundary,
    idle ?? 'gross',
  );
  return suggestModel(profiles.map((profile, i) => energyCells(profile, rules[i]!))) ?? 'grid';
}

/** @throws LabError "bad-setting" when a flag is no whole number from 0 to `most` */
function parseWhole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new LabError(
    'bad-setting',
    `${flag} takes a whole number from 0 to ${most}, and "${text}" is none.`,
    'Nothing was stored.',
  );
}

function surfaceSide(asked: string | true): number {
  const side = asked === true ? 128 : Number(asked);
  if (Number.isInteger(side) && side >= 2 && side <= 1024) return side;
  throw new LabError(
    'bad-setting',
    `--surface takes a whole number from 2 to 1024, and "${String(asked)}" is none.`,
    'Nothing was stored. Leave the number out for 128.',
  );
}
