import { boundaryName, commonAssumptions, sortAssumptions, type Assumption } from '../assumptions.ts';
import { formatPercent } from '../format.ts';
import { railNames, type Profile } from '../profile.ts';
import type { ModelSummary, PolicyOutcome, StudyResult, StudySettings } from '../study.ts';
import { statedSentences } from './boundary.ts';
import type { JointSetUp } from './jointSetUp.ts';
import type { DoubtfulShares } from './doubtfulShares.ts';
import type { JointModelName } from './model.ts';
import { oddAssumptions } from './oddInputs.ts';
import type { Uncertainty } from './uncertainty.ts';

/** What each model does, for an assumption. */
const MODEL_WORDS: Record<JointModelName, string> = {
  grid: 'Between the measured cells the costs are interpolated on logarithmic axes; beyond them the last segment is extended.',
  linear: "The thesis's linear model, E = a·m + b·n + c·m·n, is used as it is, also where it is negative.",
  physical: 'The costs are those of a fit on 1, m, n, m·n and m² with no negative coefficient.',
};

/** Under which condition a verdict holds, without its full stop. */
export function modelCondition({ energyModel }: StudySettings, best: PolicyOutcome): string {
  const known = best.policy === 'threshold-in' ? '' : ', and with output tokens known in advance';
  return `Under the ${energyModel} model, on the joint distribution of input and output tokens${known}`;
}

/** What the result of a joint study rests on, the warnings first. */
export function jointAssumptions(
  setUp: JointSetUp,
  found: {
    best: PolicyOutcome;
    models: readonly ModelSummary[];
    shares: DoubtfulShares;
    unknownOutput: StudyResult['unknownOutput'];
    uncertainty?: Uncertainty | undefined;
  },
): Assumption[] {
  const { settings, inputs, boundary } = setUp;
  const { small, large } = inputs;
  const idle = settings.idle ?? 'gross';
  const all = commonAssumptions(settings, inputs, found.uncertainty);
  const add = (kind: Assumption['kind'], level: Assumption['level'], short: string, message: string): void =>
    void all.push({ kind, level, short, message });
  const stated = [
    { profile: small, stated: settings.stated?.small },
    { profile: large, stated: settings.stated?.large },
  ];

  for (const system of stated) {
    for (const sentence of statedSentences(system, idle))
      add('stated', 'warning', 'a stated energy', sentence);
    const left = system.profile.rails.filter((rail) => !boundary.rails.includes(rail));
    if (left.length > 0) {
      add(
        'boundary',
        'warning',
        `${railNames(left, ' + ')} left out`,
        `The ${railNames(left)} energy of ${system.profile.name} is left out, because the comparison counts ` +
          `${railNames(boundary.rails)} on both sides.`,
      );
    }
  }
  [small, large].forEach((profile, i) => modelAssumptions(profile, found.models[i]!, add));
  all.push(
    ...setUp.once('odd cells', () =>
      [small, large].flatMap((profile, i) =>
        oddAssumptions(profile, boundary.rules[i]!, { model: settings.energyModel }),
      ),
    ),
  );
  sharesAssumptions(settings, found.shares, add);
  add(
    'boundary',
    'note',
    `${boundaryName(boundary.boundary)}, ${idle === 'gross' ? 'gross' : 'above idle'}`,
    idle === 'gross'
      ? `Energy counts ${railNames(boundary.rails)}, gross of idle.`
      : `Energy counts ${railNames(boundary.rails)} above what the idle system draws.`,
  );
  add('energy-model', 'note', `${settings.energyModel} model`, MODEL_WORDS[settings.energyModel]);
  if (found.unknownOutput !== undefined) {
    const { prediction, bestByInput } = found.unknownOutput;
    const half = prediction.find(({ sigma }) => sigma === 0.5);
    const predicted =
      half === undefined
        ? 'The'
        : `An output threshold on a prediction that is off by a factor of e^0.5 costs ${formatPercent(half.loss, 2)} more; the`;
    add(
      'unknown-output',
      'warning',
      'needs n in advance',
      `This policy needs the number of output tokens before the query runs. ${predicted} best policy that sees the ` +
        `input alone costs ${formatPercent(bestByInput, 2)} more than an output threshold that knows.`,
    );
  }
  return sortAssumptions(all);
}

type Add = (kind: Assumption['kind'], level: Assumption['level'], short: string, message: string) => void;

function modelAssumptions(profile: Profile, model: ModelSummary, add: Add): void {
  const { leftOut, filled } = model;
  const { heldOut } = model.energy;
  const cells = (count: number): string => `${count} cell${count === 1 ? '' : 's'}`;
  const doubted = profile.cells.filter((cell) => cell.doubt !== undefined);
  if (doubted.length > 0) {
    add(
      'doubt',
      'warning',
      `${cells(doubted.length)} in doubt`,
      `${profile.name}: ${doubted.map(({ m, n, doubt }) => `(${m}, ${n}): ${doubt}`).join(' ')} ` +
        (leftOut.length > 0 ? 'The model leaves such cells out.' : 'The model uses them all the same.'),
    );
  }
  const noisy = leftOut.length - doubted.length;
  if (noisy > 0) {
    add(
      'doubt',
      'warning',
      `${cells(noisy)} within the noise`,
      `${cells(noisy)} of ${profile.name} took no energy above idle that could be told from noise, and the model leaves them out.`,
    );
  }
  if (filled.length > 0) {
    add(
      'energy-model',
      'note',
      `${cells(filled.length)} filled in`,
      `${cells(filled.length)} of the grid of ${profile.name} were not measured and follow from their neighbours along n.`,
    );
  }
  if (heldOut !== null) {
    add(
      'energy-model',
      heldOut.mean > 0.25 ? 'warning' : 'note',
      `${formatPercent(heldOut.mean)} model error`,
      `For ${profile.name} the model foretells the energy of a cell that it has not seen with an error of ` +
        `${formatPercent(heldOut.mean)} in the mean, ${formatPercent(heldOut.largest)} at most.`,
    );
  }
}

function sharesAssumptions(
  settings: StudySettings,
  { extrapolated, negative }: DoubtfulShares,
  add: Add,
): void {
  if (extrapolated.queries > 0) {
    add(
      'extrapolated',
      extrapolated.energy > 0.05 ? 'warning' : 'note',
      `${formatPercent(extrapolated.energy)} extrapolated`,
      `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the ` +
        'energy, lie beyond the measured range, where the model is extended.',
    );
  }
  if (negative.queries > 0) {
    add(
      'negative',
      'warning',
      `${formatPercent(negative.queries)} negative`,
      `For ${formatPercent(negative.queries)} of the queries the ${settings.energyModel} model gives an energy or a ` +
        'runtime of 0 or less on one of the systems, which no hardware has: do not rely on the figures.',
    );
  }
}
