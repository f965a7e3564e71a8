import { formatPercent } from '../format.ts';
import type { Totals } from '../policy.ts';
import { intervalText, isUseful, objectiveName, SAME, spendsMore, type SavingEstimate } from '../verdict.ts';
import type { CostTable } from './costTable.ts';
import type { ManySettings } from './manySettings.ts';
import type { ManyPolicy } from './manySystems.ts';

/**
 * The verdict on the best thresholds between any number of systems, by the same rule as between two: they are useful
 * when the lower end of their saving's interval is at least the minimum and above 0.
 * @param interval95 of the saving of `best` against the best single system, where it was computed
 */
export function manyVerdict(
  settings: ManySettings,
  table: CostTable,
  singles: readonly Totals[],
  best: ManyPolicy,
  interval95?: SavingEstimate['interval95'],
): { readonly kind: 'threshold' | 'no-useful-threshold'; readonly text: string } {
  const useful = isUseful({ point: best.saving, interval95 }, settings.minSaving);
  return {
    kind: useful ? 'threshold' : 'no-useful-threshold',
    text: useful
      ? usefulText(settings, table, singles, best, interval95)
      : uselessText(settings, table, singles, best, interval95),
  };
}

function bestSingle({ systems }: CostTable, singles: readonly Totals[]): string {
  const cheapest = singles.reduce((a, b) => (b.cost < a.cost ? b : a));
  return systems[singles.indexOf(cheapest)]!.label;
}

function uselessText(
  settings: ManySettings,
  table: CostTable,
  singles: readonly Totals[],
  { saving }: ManyPolicy,
  interval95: SavingEstimate['interval95'],
): string {
  const single = bestSingle(table, singles);
  const objective = objectiveName(settings);
  const unsure = isUseful({ point: saving }, settings.minSaving);
  const minimum = formatPercent(settings.minSaving);
  const saved = `would save ${formatPercent(saving, 2)} of the ${objective} against it`;
  return (
    `No useful threshold: send every query to the ${single}, the best single system. ` +
    (unsure
      ? `The best thresholds ${saved}, but the 95% interval of that begins at ${formatPercent(interval95![0])}, below ` +
        `your minimum of ${minimum}.`
      : saving >= SAME
        ? `The best thresholds ${saved}, less than your minimum of ${minimum}.`
        : saving > -SAME
          ? `No thresholds save as much as 0.01% of the ${objective} against it.`
          : `Even the best thresholds ${spends(settings, -saving)} than it alone.`)
  );
}

/** What several do: "use 2% more energy". */
const spends = (settings: ManySettings, more: number): string =>
  spendsMore(settings, more).replace(/^(use|take|cost)s/, '$1');

function usefulText(
  settings: ManySettings,
  table: CostTable,
  singles: readonly Totals[],
  best: ManyPolicy,
  interval95: SavingEstimate['interval95'],
): string {
  const { systems } = table;
  // A threshold that is that of the system before sends nothing to its own.
  const used = systems.map((_, s) => s).filter((s) => best.queries![s]! > 0);
  const unused = systems.filter((_, s) => best.queries![s] === 0).map(({ label }) => label);
  const last = used.at(-1)!;
  const parts = used.slice(0, -1).map((s) => `${limitText(best, s)} to the ${systems[s]!.label}`);
  return (
    `Send queries with ${parts.join(', of the others those with ')}, and the rest to the ${systems[last]!.label}. ` +
    `That saves ${formatPercent(best.saving, 2)}${intervalText(interval95)} of the ${objectiveName(settings)} against ` +
    `the ${bestSingle(table, singles)} alone, the best single system.` +
    (unused.length === 0 ? '' : ` There is nothing for the ${unused.join(' and the ')} to do.`)
  );
}

function limitText({ policy, thresholds, outputThresholds, products }: ManyPolicy, s: number): string {
  switch (policy) {
    case 'threshold-in':
      return `at most ${thresholds![s]} input tokens`;
    case 'threshold-out':
      return `at most ${thresholds![s]} output tokens`;
    case 'threshold-both':
      return `at most ${thresholds![s]} input and ${outputThresholds![s]} output tokens`;
    default:
      return `input × output tokens of at most ${products![s]}`;
  }
}
