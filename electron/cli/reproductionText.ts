import { thresholdPhrase } from '#core/analysis/policyChoice';
import { formatFixed, formatNumber, formatPercent } from '#core/format';
import { figureName, type JointFigure } from '#core/jointReproduction';
import type { Axis } from '#core/profile';
import { leastHybrid, type AxisAnalysis } from '#core/paperFigure';
import type { ReconciliationStep, Reproduction } from '#core/reproduction';
import type { WaterfallBar } from '#core/waterfall';
import { heading, paragraphs, table, wrap } from './text.ts';

const AXES = ['input', 'output'] as const;

/** `reproduce` for people: both figures, both curves, and the findings with their effects. */
export function reproductionText(reproduction: Reproduction, columns: number): string {
  return paragraphs(
    heading("The paper's threshold analysis on the bundled figures"),
    wrap(
      'arXiv 2407.00010, doi 10.1145/3632775.3662830: queries of at most T tokens go to the M1 Pro, longer ones to ' +
        'the A100. Energies in kWh for the whole of Alpaca, as the paper computes them.',
      columns,
    ),
    figureTable(reproduction),
    ...AXES.map((axis) => curveTable(reproduction, axis)),
    reconciliationText(reproduction, columns),
    `Saved against the A100 alone:\n${waterfallTable(reproduction)}`,
  );
}

/** The golden numbers of both figures, reproduced and published. */
export function figureTable(reproduction: Reproduction): string {
  const row = (axis: Axis, kind: 'reproduced' | 'published'): string[] => {
    const figure: AxisAnalysis = kind === 'reproduced' ? reproduction[axis] : reproduction.published[axis];
    return [
      `${axis}, ${kind}`,
      formatFixed(figure.smallKwh, 6),
      formatFixed(figure.largeKwh, 6),
      formatFixed(leastHybrid(figure), 6),
      String(figure.bestThreshold),
      formatPercent(figure.savingVsLarge, 2),
      formatPercent(figure.savingVsSmall, 2),
    ];
  };
  return table(
    [
      { title: 'figure' },
      { title: 'M1 Pro, kWh', align: 'right' },
      { title: 'A100, kWh', align: 'right' },
      { title: 'hybrid, kWh', align: 'right' },
      { title: 'T', align: 'right' },
      { title: 'saved vs A100', align: 'right' },
      { title: 'vs M1 Pro', align: 'right' },
    ],
    AXES.flatMap((axis) => [row(axis, 'reproduced'), row(axis, 'published')]),
  );
}

function curveTable(reproduction: Reproduction, axis: Axis): string {
  const own = reproduction[axis];
  const published = reproduction.published[axis];
  return table(
    [
      { title: axis === 'input' ? 'T (input)' : 'T (output)', align: 'right' },
      { title: 'reproduced, kWh', align: 'right' },
      { title: 'published, kWh', align: 'right' },
      { title: 'difference', align: 'right' },
    ],
    own.thresholds.map((threshold, i) => [
      String(threshold),
      formatFixed(own.hybridKwh[i]!, 6),
      formatFixed(published.hybridKwh[i]!, 6),
      formatPercent(own.hybridKwh[i]! / published.hybridKwh[i]! - 1, 2),
    ]),
  );
}

/** The findings of a careful reading, each with its effect. */
export function reconciliationText(
  { reconciliation }: Pick<Reproduction, 'reconciliation'>,
  columns: number,
): string {
  return [
    'What a careful reading finds, each finding mended by itself, from 6 on on top of all before:',
    ...reconciliation.map((step) => `${`${step.step}.`.padEnd(3)}${stepText(step, columns)}`),
  ].join('\n');
}

function stepText(step: ReconciliationStep, columns: number): string {
  const lines = [effectText(step), ...(step.joint ?? []).map(jointText)];
  return [
    wrap(step.what, columns, 3).trimStart(),
    ...lines.map((text) => wrap(`→ ${text}`, columns, 5).replace(/^ {5}/, '   ')),
  ].join('\n');
}

const signed = (value: number, decimals: number): string =>
  (value > 0 ? '+' : '') + formatFixed(Math.abs(value) < 10 ** -decimals / 2 ? 0 : value, decimals);

function effectText(step: ReconciliationStep): string {
  const { axis, hybridKwh, bestThreshold, saving, effectKwh, effectPoints, runtime, because } = step;
  if (hybridKwh === null || saving === null || effectKwh === null || effectPoints === null) {
    return `not computable, because ${because}`;
  }
  const effect =
    `${axis} figure: ${formatFixed(hybridKwh, 6)} kWh at T = ${bestThreshold} (${signed(effectKwh, 6)} kWh), ` +
    `${formatPercent(saving, 2)} saved against the A100 (${signed(effectPoints, 2)} points)`;
  return runtime === undefined
    ? effect
    : `${effect}; the hybrid's runtime is ${formatNumber(runtime.correctedS.hybrid / 3600)} h, where the paper adds ` +
        `up ${formatNumber(runtime.publishedTokenS.hybrid, 4)} token-seconds`;
}

/** What every policy saves on the joint distribution of one workload. */
function jointText(figure: JointFigure): string {
  const saved = figure.policies.map(
    (each) =>
      `${each.threshold === null ? 'the cheaper system for each query' : thresholdPhrase(each)} ` +
      formatPercent(each.savingVsLarge, 2),
  );
  return `${figureName(figure)}, saved against the A100: ${saved.join('; ')}`;
}

/** Both figures from the published saving down, finding by finding. */
export function waterfallTable({ waterfall }: Reproduction): string {
  const cell = ({ saving = null, effectPoints = null }: Partial<WaterfallBar> = {}): string[] => [
    saving === null ? 'n/a' : formatPercent(saving, 2),
    effectPoints === null ? '' : signed(effectPoints, 2),
  ];
  return table(
    [
      { title: 'with all findings up to' },
      { title: 'input figure', align: 'right' },
      { title: 'points', align: 'right' },
      { title: 'output figure', align: 'right' },
      { title: 'points', align: 'right' },
    ],
    waterfall.input.map((bar, i) => [
      bar.step === 0 ? bar.title : `${bar.step}. ${bar.title}`,
      ...cell(bar),
      ...cell(waterfall.output[i]),
    ]),
  );
}
