import { leastHybrid, type AxisAnalysis } from './paperFigure.ts';
import type { Axis } from './profile.ts';
import type { ReconciliationStep } from './reproduction.ts';

/** A bar of the waterfall from the published saving down to the like-for-like joint one. */
export interface WaterfallBar {
  /** 0 for the published figure and its reproduction */
  readonly step: number;
  readonly title: string;
  /** saved against the A100 alone with everything up to here mended; null where it cannot be computed */
  readonly saving: number | null;
  /** change of `saving` against the bar before, in percentage points */
  readonly effectPoints: number | null;
  /** least total of the hybrid, kWh */
  readonly hybridKwh: number | null;
  /** change of `hybridKwh` against the bar before */
  readonly effectKwh: number | null;
  readonly because?: string;
}

/** One figure from its published saving down, each finding on top of all earlier ones. */
export function waterfallOf(
  axis: Axis,
  figure: AxisAnalysis,
  reproduced: AxisAnalysis,
  steps: readonly ReconciliationStep[],
): WaterfallBar[] {
  const bars: WaterfallBar[] = [];
  let last: AxisAnalysis | undefined;
  const add = (step: number, title: string, analysis: AxisAnalysis): void => {
    bars.push({
      step,
      title,
      saving: analysis.savingVsLarge,
      effectPoints: last === undefined ? null : 100 * (analysis.savingVsLarge - last.savingVsLarge),
      hybridKwh: leastHybrid(analysis),
      effectKwh: last === undefined ? null : leastHybrid(analysis) - leastHybrid(last),
    });
    last = analysis;
  };
  add(0, 'published', figure);
  add(0, 'reproduced', reproduced);
  for (const { step, title, because, cumulative } of steps) {
    if (because === undefined) add(step, title, cumulative[axis]);
    else {
      bars.push({ step, title, saving: null, effectPoints: null, hybridKwh: null, effectKwh: null, because });
    }
  }
  return bars;
}
