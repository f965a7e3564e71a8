import { samePolicy } from '#core/analysis/chosenPolicy';
import type { PolicyChoice } from '#core/analysis/policyChoice';
import type { Interval95, PolicyIntervals, Uncertainty } from '#core/analysis/uncertainty';
import type { StudyUnits } from '#core/displayUnits';
import { formatNumber, formatPercent, readoutText } from '#core/format';

/** The intervals that a study has of a policy; only those that its list shows have any. */
export function knownIntervals(
  uncertainty: Uncertainty | undefined,
  choice: PolicyChoice,
): PolicyIntervals | undefined {
  return uncertainty?.intervals.find((each) => samePolicy(each, choice));
}

/** "2.3% to 4.3%" */
export function percentRange([low, high]: Interval95, decimals = 1): string {
  return `${formatPercent(low, decimals)} to ${formatPercent(high, decimals)}`;
}

/** "5.4 kWh to 5.9 kWh" */
export function energyRange([low, high]: Interval95, units: StudyUnits): string {
  return `${readoutText(units.energy(low))} to ${readoutText(units.energy(high))}`;
}

/** "120 h to 131 h" */
export function timeRange([low, high]: Interval95, units: StudyUnits): string {
  return `${readoutText(units.time(low))} to ${readoutText(units.time(high))}`;
}

/** Where the best threshold of a policy's family may lie, "T_in 28 to 41, T_out 60 to 97"; empty where nothing is known. */
export function thresholdRange(found: PolicyIntervals | undefined): string {
  if (found?.best === undefined) return '';
  const { threshold, outputThreshold } = found.best;
  const range = ([low, high]: Interval95): string => `${formatNumber(low, 3)} to ${formatNumber(high, 3)}`;
  switch (found.policy) {
    case 'threshold-both':
      return `T_in ${range(threshold)}, T_out ${range(outputThreshold!)}`;
    case 'threshold-product':
      return `√(m·n) ${range(threshold)}`;
    default:
      return `T ${range(threshold)}`;
  }
}

/** What a tooltip says of how sure the figures of a policy are. */
export function intervalLines(
  uncertainty: Uncertainty | undefined,
  choice: PolicyChoice,
  units: StudyUnits,
): string[] {
  if (uncertainty === undefined) return ['point estimate, without an interval'];
  const found = knownIntervals(uncertainty, choice);
  if (found === undefined) return ['point estimate: the policies of the list alone have intervals'];
  const best = thresholdRange(found);
  return [
    `95%: saves ${percentRange(found.saving.vsBestSingle)} against the better single system`,
    `95%: energy ${energyRange(found.energyJ, units)}, runtime ${timeRange(found.runtimeS, units)}`,
    ...(best === '' ? [] : [`95%: the best of its kind lies at ${best}`]),
  ];
}
