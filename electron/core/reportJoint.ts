import type { JointModelName } from './analysis/model.ts';
import { formatNumber, formatPercent } from './format.ts';
import { railNames, type Rail } from './profile.ts';
import { alsoAtItsLowerEnd, type Passage } from './reportMethod.ts';
import type { ModelSummary, StudyResult, StudySettings } from './study.ts';

/** An energy model in words: "the grid model". */
export function modelName(model: StudySettings['energyModel']): string {
  return model === 'paper' ? "the paper's energy model" : `the ${model} model`;
}

const MODEL_PASSAGES: Record<JointModelName, Pick<Passage, 'text' | 'formulas'>> = {
  grid: {
    text:
      'Between the measured cells ln E is interpolated over ln m and ln n: of a full grid along n within each row of ' +
      'equal m, then along m between the rows; of two sweeps as the product of both, divided by the mean of the two ' +
      'where they cross. Beyond the ends the last segment is extended. A query without tokens counts as one of one token. Cells in doubt are left out. ' +
      'The runtime likewise.',
    formulas: [
      'of two sweeps: E(m, n) = E_{in}(m) · E_{out}(n) ÷ B,  B = (E_{in}(32) + E_{out}(32)) ÷ 2    [J]',
    ],
  },
  linear: {
    text:
      "The thesis's model, fitted by least squares through the origin, cells weighted by their trials. Where it is " +
      'negative it is used as it is. The runtime likewise.',
    formulas: ['E(m, n) = α_{0} m + α_{1} n + α_{2} m n    [J]'],
  },
  physical: {
    text:
      'A fit of least relative squares without negative coefficients, cells weighted by their trials, so never ' +
      'negative and never less for more tokens. Cells in doubt are left out. The runtime likewise.',
    formulas: ['E(m, n) = c_{0} + c_{1} m + c_{2} n + c_{3} m n + c_{4} m^{2}, all c ≥ 0    [J]'],
  },
};

/** How the figures of a joint study came about, with formulas. */
export function jointMethod(
  settings: StudySettings & { readonly energyModel: JointModelName },
  result: StudyResult,
  rails: readonly Rail[],
  labels: { readonly small: string; readonly large: string },
): Passage[] {
  const { energyModel, cost, lambda, thresholds, minSaving, idle = 'gross' } = settings;
  const fits = (['small', 'large'] as const).flatMap((side) => {
    const model = result.models?.[side];
    return model === undefined ? [] : [`${labels[side]}: ${fitText(model)}`];
  });
  return [
    {
      title: 'A query of m input and n output tokens',
      ...MODEL_PASSAGES[energyModel],
      text:
        `Energy counts ${railNames(rails)}, ${idle === 'gross' ? 'gross of idle' : 'above idle'}. ` +
        `${MODEL_PASSAGES[energyModel].text} ${fits.join(' ')}`,
    },
    {
      title: 'The whole workload',
      text:
        `Every distinct pair (m, n) of the workload counts with its f(m, n) queries on the system to which a policy ` +
        `sends it, the ${labels.small} or the ${labels.large}. ` +
        (cost === 'raw'
          ? 'The cost mixes joules and seconds as they are, weighted by λ.'
          : 'For the cost, energy and runtime are first divided by their largest value of a query, then weighted by λ.'),
      formulas: [
        'E = Σ f(m, n) · E_{s(m, n)}(m, n)    [J], and R likewise    [s]',
        cost === 'raw'
          ? `U = λ E + (1 − λ) R, λ = ${lambda}`
          : `U = λ E/E_{max} + (1 − λ) R/R_{max}, λ = ${lambda}`,
      ],
    },
    {
      title: 'Threshold and verdict',
      text:
        (thresholds === 'powers-of-two'
          ? 'Candidates for a threshold are the powers of two from 8 to the longest length that both systems measured. '
          : 'Candidates for a threshold are all whole numbers that can change which query goes where. ') +
        'Thresholds may be set on m, on n, on both at once, or on their product. The best is the one of least cost; of ' +
        `equals, the lowest. It is called useful when it saves at least ${formatPercent(minSaving)} of the cost against ` +
        `the better of the two single systems${alsoAtItsLowerEnd(settings)}.`,
      formulas: ['saving = 1 − U(best) ÷ min(U_{small alone}, U_{large alone})'],
    },
  ];
}

function fitText({ energy: { coefficients, heldOut } }: ModelSummary): string {
  const fitted =
    coefficients === undefined
      ? ''
      : `coefficients ${coefficients.map((c) => formatNumber(c, 4)).join(', ')}; `;
  return heldOut === null
    ? `${fitted}no cell could be left out to test the model.`
    : `${fitted}a cell left out is foretold with an error of ${formatPercent(heldOut.mean)} in the mean.`;
}
