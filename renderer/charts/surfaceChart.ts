import type { ActiveElement, ChartConfiguration, ChartEvent, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { chosenRule, type Chosen } from '#core/analysis/chosenPolicy';
import { policyChoice, type PolicyChoice } from '#core/analysis/policyChoice';
import type { Uncertainty } from '#core/analysis/uncertainty';
import { surfaceCost, type ThresholdSurface } from '#core/analysis/surface';
import { viewPosition } from '#core/analysis/surfaceView';
import { WHOLE_WORKLOAD, type StudyUnits } from '#core/displayUnits';
import { formatPercent, readoutText } from '#core/format';
import type { CostForm } from '#core/policy';
import type { StudyInputs } from '#core/study';
import { intervalLines } from '../components/threshold/intervals.ts';
import type { Palette } from '../composables/usePalette.ts';
import { lineLabel, powersOfTwo, sharedOptions } from './axes.ts';
import { mixColours } from './mixColours.ts';

/** What a surface shows of each pair of thresholds. */
export type SurfaceQuantity = 'saving' | 'cost' | 'energy' | 'runtime';

/** Everything that a surface is drawn from. */
export interface SurfaceScene {
  readonly view: ThresholdSurface;
  readonly inputs: StudyInputs;
  readonly form: CostForm;
  readonly quantity: SurfaceQuantity;
  /** totals of the single systems */
  readonly singles: readonly { readonly energyJ: number; readonly runtimeS: number }[];
  /** the best pair of thresholds, exact */
  readonly best: PolicyChoice | undefined;
  /** what the study follows, where it is a pair of thresholds or one of them */
  readonly followed: PolicyChoice | undefined;
  /** where the best pair may lie, 95% */
  readonly region?: {
    readonly input: readonly [number, number];
    readonly output: readonly [number, number];
  };
  /** the cost as text */
  readonly costText: (cost: number) => string;
  /** of energies and runtimes */
  readonly units?: StudyUnits;
  /** intervals of the policies, where they were computed */
  readonly uncertainty?: Uncertainty | undefined;
}

/** Fractions saved against the better single system, by the quantity that is shown, with their ends. */
export interface SurfaceValues {
  readonly saved: Float64Array;
  readonly least: number;
  readonly most: number;
}

/** What each pair of thresholds saves of the quantity against the single system that needs least of it. */
export function surfaceValues({ view, form, quantity, singles }: SurfaceScene): SurfaceValues {
  const of = (energyJ: number, runtimeS: number): number =>
    (form.lambda * energyJ) / form.energyUnit + ((1 - form.lambda) * runtimeS) / form.runtimeUnit;
  const whole = Math.min(
    ...singles.map(({ energyJ, runtimeS }) =>
      quantity === 'energy' ? energyJ : quantity === 'runtime' ? runtimeS : of(energyJ, runtimeS),
    ),
  );
  const values =
    quantity === 'energy' ? view.energyJ : quantity === 'runtime' ? view.runtimeS : surfaceCost(view, form);
  const saved = new Float64Array(values.length);
  let least = 0;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = 1 - values[i]! / whole;
    saved[i] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { saved, least, most };
}

/** The colour of a saving: green above nothing saved, sand below. */
export function savingColour(
  saved: number,
  { least, most }: Pick<SurfaceValues, 'least' | 'most'>,
  palette: Palette,
): string {
  const none = mixColours(palette.panel, palette.muted, palette.dark ? 0.1 : 0.07);
  if (saved > 0) return mixColours(none, palette.hybrid, 0.12 + 0.88 * (saved / most));
  const share = least < 0 ? saved / least : 0;
  return mixColours(none, palette.gpu, (palette.dark ? 0.36 : 0.4) * Math.sqrt(share));
}

interface Field {
  readonly x: number;
  readonly y: number;
  readonly i: number;
}

/**
 * Every pair of thresholds, T_in to the right and T_out upwards, coloured by what it saves; the best pair ringed, the
 * policy that is followed crossed.
 * @param pick a pair of thresholds was clicked
 */
export function surfaceChart(
  scene: SurfaceScene,
  palette: Palette,
  pick: (chosen: Chosen) => void,
  values: SurfaceValues = surfaceValues(scene),
): ChartConfiguration {
  const { view, inputs, best, followed, region, units = WHOLE_WORKLOAD, uncertainty } = scene;
  const { inputThresholds: ins, outputThresholds: outs } = view;
  const fields: Field[] = [];
  const colours: string[] = [];
  const steps = colourSteps(values, palette);
  for (let x = 0; x < ins.length; x++) {
    for (let y = 0; y < outs.length; y++) {
      const i = x * outs.length + y;
      fields.push({ x, y, i });
      colours.push(steps(values.saved[i]!));
    }
  }
  const chosenAt = (i: number): Chosen => ({
    policy: 'threshold-both',
    threshold: ins[Math.floor(i / outs.length)]!,
    outputThreshold: outs[i % outs.length]!,
  });
  const annotations: Record<string, AnnotationOptions> = {};
  if (region !== undefined) {
    annotations['region'] = {
      type: 'box',
      xMin: viewPosition(ins, region.input[0]) - 0.5,
      xMax: viewPosition(ins, region.input[1]) + 0.5,
      yMin: viewPosition(outs, region.output[0]) - 0.5,
      yMax: viewPosition(outs, region.output[1]) + 0.5,
      backgroundColor: 'transparent',
      borderColor: palette.text,
      borderWidth: 1.25,
      borderDash: [4, 3],
    };
  }
  const mark = (choice: PolicyChoice, ring: boolean): AnnotationOptions => ({
    type: 'point',
    xValue: viewPosition(ins, choice.threshold!),
    yValue: viewPosition(outs, choice.outputThreshold!),
    radius: 6,
    borderWidth: 2,
    borderColor: ring ? palette.text : palette.panel,
    backgroundColor: ring ? 'transparent' : palette.text,
    pointStyle: ring ? 'circle' : 'rectRot',
  });
  if (best?.outputThreshold !== undefined) {
    annotations['best'] = mark(best, true);
    const right = viewPosition(ins, best.threshold!) < ins.length * 0.7;
    annotations['best-label'] = {
      type: 'label',
      xValue: viewPosition(ins, best.threshold!),
      yValue: viewPosition(outs, best.outputThreshold),
      ...lineLabel(`best pair: ${best.threshold}, ${best.outputThreshold}`, palette.text, palette),
      backgroundColor: 'transparent',
      position: { x: right ? 'start' : 'end', y: 'end' },
      xAdjust: right ? 7 : -7,
      yAdjust: -5,
    };
  }
  if (followed?.outputThreshold !== undefined) annotations['followed'] = mark(followed, false);
  const alone = (policy: 'threshold-in' | 'threshold-out', axis: 'x' | 'y'): AnnotationOptions => ({
    type: 'line',
    scaleID: axis,
    value: viewPosition(axis === 'x' ? ins : outs, followed!.threshold!),
    borderColor: palette.text,
    borderWidth: 1.25,
    borderDash: [3, 3],
    label: {
      ...lineLabel(policy === 'threshold-in' ? 'T_in' : 'T_out', palette.text, palette),
      position: 'start',
    },
  });
  if (followed?.policy === 'threshold-in') annotations['followed'] = alone('threshold-in', 'x');
  if (followed?.policy === 'threshold-out') annotations['followed'] = alone('threshold-out', 'y');

  return {
    type: 'fields' as 'line',
    data: {
      datasets: [
        {
          label: 'thresholds',
          data: fields as unknown as { x: number; y: number }[],
          backgroundColor: colours,
          borderWidth: 0,
          columns: ins.length,
          rows: outs.length,
        } as never,
      ],
    },
    options: {
      ...sharedOptions(palette),
      interaction: { mode: 'nearest', intersect: true },
      onClick: (_event: ChartEvent, found: ActiveElement[]) => {
        const [hit] = found;
        if (hit !== undefined) pick(chosenAt(fields[hit.index]!.i));
      },
      onHover: (event: ChartEvent, found: ActiveElement[]) => {
        const target = event.native?.target as HTMLElement | undefined;
        if (target) target.style.cursor = found.length > 0 ? 'pointer' : 'default';
      },
      scales: {
        x: positionAxis(
          `T_in: at most so many input tokens on the ${inputs.small.system.label}`,
          ins,
          palette,
        ),
        y: positionAxis('and T_out: at most so many output tokens', outs, palette),
      },
      plugins: {
        ...sharedOptions(palette).plugins,
        annotation: { annotations, clip: true },
        tooltip: {
          ...sharedOptions(palette).plugins?.tooltip,
          callbacks: {
            title: (items: TooltipItem<'line'>[]) => {
              const { i } = items[0]!.raw as Field;
              const { threshold, outputThreshold } = chosenAt(i) as {
                threshold: number;
                outputThreshold: number;
              };
              return `m ≤ ${threshold} and n ≤ ${outputThreshold} on the ${inputs.small.system.label}`;
            },
            label: (item: TooltipItem<'line'>) => {
              const { i } = item.raw as Field;
              const saved = values.saved[i]!;
              return [
                `${saved >= 0 ? 'saves' : 'costs'} ${formatPercent(Math.abs(saved), 2)}${saved >= 0 ? '' : ' more'} against the better single system`,
                `energy ${readoutText(units.energy(view.energyJ[i]!))}, runtime ${readoutText(units.time(view.runtimeS[i]!))}`,
                ...intervalLines(uncertainty, policyChoice(chosenRule(chosenAt(i))), units),
                ...(scene.quantity === 'cost' ? [scene.costText(costAt(scene, i))] : []),
                'click to settle on it',
              ];
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}

function costAt({ view, form }: SurfaceScene, i: number): number {
  return (
    (form.lambda * view.energyJ[i]!) / form.energyUnit +
    ((1 - form.lambda) * view.runtimeS[i]!) / form.runtimeUnit
  );
}

/** Colours in 64 steps either way: mixing one for each of a thousand fields would take longer than drawing them. */
function colourSteps(values: SurfaceValues, palette: Palette): (saved: number) => string {
  const known = new Map<number, string>();
  return (saved) => {
    const share = saved > 0 ? saved / values.most : values.least < 0 ? -saved / values.least : 0;
    const step = Math.round(64 * share);
    let colour = known.get(step);
    if (colour === undefined) {
      colour = savingColour((step / 64) * (step > 0 ? values.most : -values.least), values, palette);
      known.set(step, colour);
    }
    return colour;
  };
}

/** An axis of positions in a list of thresholds, labelled in tokens. */
function positionAxis(text: string, thresholds: ArrayLike<number>, palette: Palette): object {
  const last = thresholds.length - 1;
  const low = Math.max(1, thresholds[1] ?? 1);
  return {
    type: 'linear',
    reverse: false,
    min: -0.5,
    max: last + 0.5,
    offset: false,
    title: { display: true, text, color: palette.muted, font: { size: 11, family: palette.font } },
    grid: { display: false },
    border: { display: false },
    ticks: {
      color: palette.muted,
      font: { size: 11, family: palette.font },
      padding: 6,
      autoSkip: false,
      maxRotation: 0,
      callback: (value: number | string) => {
        const at = Number(value);
        return at === 0 ? 'none' : String(tokensAt(thresholds, at));
      },
    },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = [
        { value: 0 },
        ...powersOfTwo(low, thresholds[last]!, 9)
          .map((tokens) => ({ value: viewPosition(thresholds, tokens) }))
          .filter(({ value }) => value > last * 0.04),
      ];
    },
  };
}

/** The power of two at a position. */
function tokensAt(thresholds: ArrayLike<number>, position: number): number {
  const below = Math.max(0.5, thresholds[Math.floor(position)]!);
  const above = Math.max(0.5, thresholds[Math.min(thresholds.length - 1, Math.ceil(position))]!);
  const part = position - Math.floor(position);
  return 2 ** Math.round(Math.log2(below) * (1 - part) + Math.log2(above) * part);
}
