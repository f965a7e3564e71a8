/** A plan, its time and its energy in words, the same in the window and on the command line. */
import type { RunEstimate } from './activeRun.ts';
import { DEFAULT_UNITS, energyIn, type DisplayUnits } from './displayUnits.ts';
import { formatNumber, readoutText, type Readout } from './format.ts';
import { distinctCells, type Plan } from './sweep.ts';

/** How narrow the interval of a cell is to be. */
export function targetText(plan: Plan): string {
  return plan.stopping.rule === 'relative'
    ? `±${formatNumber(plan.stopping.target * 100, 2)}%`
    : `±${plan.stopping.withinS} s of runtime, as the paper did`;
}

/** How much a plan measures: "11 cells, 3 to 5 trials each, to ±5%". */
export function amountText(plan: Plan): string {
  const { minTrials: least, maxTrials: most } = plan;
  const cells = distinctCells(plan.cells).length;
  const trials = least === most ? `${least}` : `${least} to ${most}`;
  return (
    `${cells} ${cells === 1 ? 'cell' : 'cells'}, ${trials} ${most === 1 ? 'trial' : 'trials'} each, ` +
    `to ${targetText(plan)}`
  );
}

/** About how long, in the words of someone who waits. */
export function aboutText(seconds: number): string {
  if (seconds < 50) return 'less than a minute';
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  const hours = seconds / 3600;
  return hours < 36 ? `about ${formatNumber(hours, 2)} h` : `about ${formatNumber(hours / 24, 2)} days`;
}

/** From one time to another, in the same words; one where the two read alike. */
export function aboutRange(leastS: number, mostS: number): string {
  const [least, most] = [aboutText(leastS), aboutText(mostS)];
  if (least === most) return least;
  const unit = / (min|h|days)$/.exec(least)?.[1];
  const short = unit !== undefined && most.endsWith(` ${unit}`) ? least.slice(0, -unit.length - 1) : least;
  return `${short} to ${most.replace('about ', '')}`;
}

/** How long a run would take, and how that is known. */
export function estimateText({ seconds, mostSeconds = seconds, scaledFrom, onlyLeast }: RunEstimate): string {
  if (onlyLeast === true) {
    return seconds < 50
      ? 'known after the first trials'
      : `more than ${aboutText(seconds).replace('about ', '')}; how much is known after the first trials`;
  }
  const time = aboutRange(seconds, mostSeconds);
  return scaledFrom === undefined
    ? `${time}, judged by earlier runs`
    : `roughly ${time.replace('about ', '')} or more, scaled from ${scaledFrom}`;
}

/** What the queries of a run would use; undefined where nothing tells. */
export function energyText(
  estimate: RunEstimate,
  units: Pick<DisplayUnits, 'energy'> = DEFAULT_UNITS,
): string | undefined {
  const { energyJ, mostEnergyJ = energyJ, scaledFrom, onlyLeast } = estimate;
  if (energyJ === undefined || mostEnergyJ === undefined) return undefined;
  const rounded = (value: number): Readout => energyIn(units, Number(value.toPrecision(2)), 2);
  const [least, most] = [rounded(energyJ), rounded(mostEnergyJ)];
  if (onlyLeast === true) return `more than ${readoutText(least)}`;
  const about = scaledFrom === undefined ? 'about' : 'roughly';
  if (least.number === most.number && least.unit === most.unit) return `${about} ${readoutText(least)}`;
  const from = least.unit === most.unit ? least.number : readoutText(least);
  return `${about} ${from} to ${readoutText(most)}`;
}
