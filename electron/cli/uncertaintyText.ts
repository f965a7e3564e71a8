import { planTextOf } from '#core/analysis/measureNext';
import {
  intervalsOf,
  type Interval95,
  type PolicyIntervals,
  type Uncertainty,
} from '#core/analysis/uncertainty';
import { formatPercent } from '#core/format';
import type { PolicyOutcome } from '#core/study';
import { bullets, paragraphs, sameDecimals, table, wrap } from './text.ts';

/** `analyze --json`: how sure the study is; the assumptions are with the others. */
export function uncertaintyDocument(uncertainty: Uncertainty): object {
  const { seed, replicates, intervals, hybrid, workloadShare, measureNext, probabilityHybridWins } =
    uncertainty;
  return {
    probabilityHybridWins,
    measureNext: measureNext.map(({ system, ...cell }) => ({ system: SIDES[system] ?? system, ...cell })),
    measurePlan: Object.fromEntries(
      SIDES.map((side, system) => [side, planTextOf(measureNext, system)]).filter(([, plan]) => plan !== ''),
    ),
    uncertainty: { seed, replicates, hybrid, workloadShare, intervals },
  };
}

const SIDES = ['small', 'large'] as const;

/** How sure the study is, and what to measure next. */
export function uncertaintyText(
  uncertainty: Uncertainty | undefined,
  policies: readonly PolicyOutcome[],
  labels: { readonly small: string; readonly large: string },
  columns: number,
): string {
  if (uncertainty === undefined) return '';
  const { replicates, seed, probabilityHybridWins, workloadShare, measureNext, hybrid } = uncertainty;
  const judged = policies.some(({ chosen }) => chosen) ? 'your choice' : 'the best threshold';
  return paragraphs(
    wrap(
      `Of ${replicates} replicates of the trials and the queries (seed ${seed}), ${judged} (${hybrid.policy}) ` +
        `beats the better single system in ${formatPercent(probabilityHybridWins)}. 95% intervals:`,
      columns,
    ),
    intervalTable(uncertainty, policies),
    nextText([labels.small, labels.large], { measureNext, workloadShare }, columns),
  );
}

/** What to measure next, system by system. @param labels of the systems in their order */
export function nextText(
  labels: readonly string[],
  { measureNext, workloadShare }: Pick<Uncertainty, 'measureNext' | 'workloadShare'>,
  columns: number,
): string {
  if (measureNext.length === 0) return '';
  return `${wrap(
    'What to measure next: the cells whose uncertainty moves that saving most, by their share of its variance ' +
      `(the queries bring ${formatPercent(workloadShare)}).`,
    columns,
  )}\n${bullets(
    labels.flatMap((label, system) => {
      const own = measureNext.filter((cell) => cell.system === system);
      if (own.length === 0) return [];
      const cells = own.map(({ m, n, share }) => `(${m}, ${n}) ${formatPercent(share)}`).join(', ');
      return [{ mark: '·', text: `${label}: ${cells}; --sweep "${planTextOf(measureNext, system)}"` }];
    }),
    columns,
  )}`;
}

function intervalTable(uncertainty: Uncertainty, policies: readonly PolicyOutcome[]): string {
  const found = policies.map((policy) => intervalsOf(uncertainty, policy));
  const inKilowattHours = found.some((each) => each !== undefined && each.energyJ[1] >= 3.6e5);
  const ends = found.flatMap((each) => each?.energyJ ?? []);
  const written = sameDecimals(ends.map((energyJ) => (inKilowattHours ? energyJ / 3.6e6 : energyJ)));
  let next = 0;
  const percent = ([low, high]: Interval95): string =>
    `${formatPercent(low, 2)} to ${formatPercent(high, 2)}`;
  return table(
    [
      { title: 'policy' },
      { title: inKilowattHours ? 'energy, kWh' : 'energy, J', align: 'right' },
      { title: 'saved: best', align: 'right' },
      { title: 'best T', align: 'right' },
    ],
    policies.flatMap(({ policy }, i) => {
      const each = found[i];
      return each === undefined
        ? []
        : [
            [
              policy,
              `${written[next++]} to ${written[next++]}`,
              percent(each.saving.vsBestSingle),
              thresholdText(each),
            ],
          ];
    }),
  );
}

function thresholdText({ best }: PolicyIntervals): string {
  if (best === undefined) return '–';
  const { threshold, outputThreshold, product } = best;
  const whole = ([low, high]: Interval95): string => (low === high ? String(low) : `${low} to ${high}`);
  if (product !== undefined) return `mn ${whole(product)}`;
  return `${whole(threshold)}${outputThreshold === undefined ? '' : `, ${whole(outputThreshold)}`}`;
}
