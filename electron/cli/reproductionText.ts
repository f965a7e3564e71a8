import { formatFixed, formatNumber, formatPercent } from '#core/format';
import type { Axis } from '#core/profile';
import {
  leastHybrid,
  type AxisAnalysis,
  type ReconciliationStep,
  type Reproduction,
} from '#core/reproduction';
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

/** The findings of a careful reading, each with its effect alone. */
export function reconciliationText({ reconciliation }: Reproduction, columns: number): string {
  return [
    'What a careful reading finds, each finding mended alone:',
    ...reconciliation.map((step) => `${`${step.step}.`.padEnd(3)}${stepText(step, columns)}`),
  ].join('\n');
}

function stepText(step: ReconciliationStep, columns: number): string {
  const { what, axis, hybridKwh, bestThreshold, saving, effectKwh, effectPoints, runtime } = step;
  const signed = (value: number, decimals: number): string =>
    (value > 0 ? '+' : '') + formatFixed(Math.abs(value) < 10 ** -decimals / 2 ? 0 : value, decimals);
  const effect =
    `${axis} figure: ${formatFixed(hybridKwh, 6)} kWh at T = ${bestThreshold} (${signed(effectKwh, 6)} kWh), ` +
    `${formatPercent(saving, 2)} saved against the A100 (${signed(effectPoints, 2)} points)`;
  const times =
    runtime === undefined
      ? ''
      : `; the hybrid's runtime is ${formatNumber(runtime.correctedS.hybrid / 3600)} h, where the paper adds up ` +
        `${formatNumber(runtime.publishedTokenS.hybrid, 4)} token-seconds`;
  return `${wrap(what, columns, 3).trimStart()}\n${wrap(`→ ${effect}${times}`, columns, 5).replace(/^ {5}/, '   ')}`;
}
