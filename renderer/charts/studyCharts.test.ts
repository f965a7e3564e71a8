import { describe, expect, test } from 'vitest';
import { breakEven, decisionMap, mapModels, tokenSteps } from '#core/analysis/decisionMap';
import { prepareJoint, type JointSettings } from '#core/analysis/jointSetUp';
import { logPicks, surfaceView, viewPosition } from '#core/analysis/surfaceView';
import { ruleTotals } from '#core/analysis/rules';
import { analyse, START_SETTINGS } from '#core/study';
import { bundledProfile, bundledWorkload } from '../../electron/test/bundled.ts';
import { studyScene } from '../components/threshold/scene.ts';
import type { Palette } from '../composables/usePalette.ts';
import { curvesChart } from './curvesChart.ts';
import { chosenThrough, decisionChart } from './decisionChart.ts';
import { densityFields } from './densityFields.ts';
import { frontChart } from './frontChart.ts';
import { mixColours, withOpacity } from './mixColours.ts';
import { predictionChart } from './predictionChart.ts';
import { surfaceChart, surfaceValues } from './surfaceChart.ts';

const palette: Palette = {
  dark: false,
  text: '#111',
  muted: '#666666',
  hairline: '#dddddd',
  panel: '#fff',
  mac: '#0072b2',
  gpu: '#d55e00',
  hybrid: '#009e73',
  oracle: '#8f4a7c',
  warning: '#b87a00',
  font: 'sans-serif',
} as Palette;
const settings = START_SETTINGS as JointSettings;
const inputs = {
  small: bundledProfile(settings.small),
  large: bundledProfile(settings.large),
  workload: bundledWorkload(settings.workload),
};
const prepared = prepareJoint(settings, inputs);
const result = analyse(settings, inputs, prepared);
const scene = studyScene(settings, inputs, result, prepared);
const view = surfaceView(prepared.problem.table, { input: 40, output: 34 });

interface Drawn {
  readonly data: {
    readonly datasets: readonly {
      readonly label: string;
      readonly data: readonly Record<string, unknown>[];
      readonly backgroundColor: unknown;
    }[];
  };
  readonly options: { onClick: (event: unknown, found: unknown[], chart: unknown) => void };
}

describe('the surface as it is shown', () => {
  const drawn = {
    view,
    inputs,
    form: scene.form,
    quantity: 'saving' as const,
    singles: scene.singles,
    best: undefined,
    followed: undefined,
    costText: String,
  };

  test('holds exact totals at thresholds that lie evenly on a log axis, from none to all', () => {
    expect(view.inputThresholds.length).toBeLessThanOrEqual(40);
    expect(view.outputThresholds.length).toBeLessThanOrEqual(34);
    const at = [20, 17] as const;
    const rule = {
      policy: 'threshold-both' as const,
      thresholds: [view.inputThresholds[at[0]]!],
      outputThresholds: [view.outputThresholds[at[1]]!],
    };
    expect(view.energyJ[at[0] * view.outputThresholds.length + at[1]]).toBeCloseTo(
      ruleTotals(prepared.problem.table, rule, scene.form).energyJ,
      3,
    );
    expect(view.energyJ[0]).toBeCloseTo(scene.singles[1].energyJ, 3);
    expect(view.energyJ.at(-1)).toBeCloseTo(scene.singles[0].energyJ, 3);
  });

  test('saves at most what the best pair saves, and at worst what the Mac alone costs more', () => {
    const { least, most } = surfaceValues(drawn);
    const best = result.policies.find(({ policy }) => policy === 'threshold-both')!;
    expect(most).toBeLessThanOrEqual(best.saving.vsBestSingle + 1e-12);
    expect(most).toBeGreaterThan(best.saving.vsBestSingle * 0.97);
    expect(least).toBeCloseTo(scene.singles[0].saving.vsBestSingle, 9);
  });

  test('picks the pair of thresholds that was clicked', () => {
    const picked: unknown[] = [];
    const chart = surfaceChart(drawn, palette, (chosen) => picked.push(chosen)) as unknown as Drawn;
    const columns = view.outputThresholds.length;
    chart.options.onClick({}, [{ index: 3 * columns + 5 }], {});
    chart.options.onClick({}, [], {});
    expect(picked).toEqual([
      {
        policy: 'threshold-both',
        threshold: view.inputThresholds[3],
        outputThreshold: view.outputThresholds[5],
      },
    ]);
    for (const colour of chart.data.datasets[0]!.backgroundColor as string[]) {
      expect(colour).toMatch(/^#[0-9a-f]{6}$/);
    }
  });

  test('tells where a threshold lies between two that are shown', () => {
    const thresholds = [3, 8, 16, 32];
    expect(viewPosition(thresholds, 2)).toBe(0);
    expect(viewPosition(thresholds, 16)).toBe(2);
    expect(viewPosition(thresholds, Math.sqrt(16 * 32))).toBeCloseTo(2.5, 9);
    expect(viewPosition(thresholds, 99)).toBe(3);
    expect(logPicks([0, 1, 2, 3], 10)).toEqual([0, 1, 2, 3]);
    expect(logPicks([0, ...Array.from({ length: 1000 }, (_, i) => i + 1)], 12).at(-1)).toBe(1000);
  });
});

test('a click on the map puts the threshold of the same kind through it', () => {
  const followed = scene.followed;
  expect(chosenThrough(followed, 20, 50)).toEqual({ policy: 'threshold-product', product: 1000 });
  expect(chosenThrough({ policy: 'threshold-in', threshold: 9 }, 20.4, 50)).toEqual({
    policy: 'threshold-in',
    threshold: 20,
  });
  expect(chosenThrough({ policy: 'large', threshold: null }, 20, 50)).toEqual({
    policy: 'threshold-both',
    threshold: 20,
    outputThreshold: 50,
  });
});

test('the map draws the break-even curve, the workload and the threshold that is followed', () => {
  const steps = tokenSteps(5, 2048, 20);
  const { systems } = prepared;
  const models = mapModels(systems, steps, steps);
  const chart = decisionChart(
    {
      inputs,
      map: decisionMap(models, scene.form),
      breakEven: breakEven(systems, scene.form, models),
      density: densityFields(inputs.workload),
      followed: scene.followed,
    },
    palette,
    () => undefined,
  ) as unknown as Drawn;
  expect(chart.data.datasets.map(({ label }) => label)).toEqual(['break-even', 'threshold', 'queries']);
  const [first, last] = chart.data.datasets[1]!.data as unknown as { x: number; y: number }[];
  expect(first!.x * first!.y).toBeCloseTo(1264, 6);
  expect(last!.x * last!.y).toBeCloseTo(1264, 6);
});

test('the density holds every query once', () => {
  const fields = densityFields(inputs.workload);
  expect(fields.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 9);
});

test('the curves hold the best threshold of each kind, and a click takes the one under it', () => {
  const picked: unknown[] = [];
  const chart = curvesChart(
    {
      problem: prepared.problem,
      inputs,
      form: scene.form,
      policies: result.policies,
      followed: scene.followed,
      meaning: scene.meaning,
    },
    palette,
    (chosen) => picked.push(chosen),
  ) as unknown as Drawn;
  const product = chart.data.datasets[2]!.data as unknown as { y: number; chosen: { product: number } }[];
  const least = product.reduce((a, b) => (b.y < a.y ? b : a));
  expect(least.chosen.product).toBe(1264);
  chart.options.onClick({}, [{ datasetIndex: 2, index: product.indexOf(least) }], chart);
  expect(picked).toEqual([{ policy: 'threshold-product', product: 1264 }]);
});

test('the front joins what is best for some λ, and leaves out what lies far from it', () => {
  const chart = frontChart(
    inputs,
    result.pareto!,
    scene.followed,
    scene.singles,
    palette,
    () => undefined,
  ) as unknown as Drawn;
  const sizes = Object.fromEntries(chart.data.datasets.map(({ label, data }) => [label, data.length]));
  expect(sizes['best for some λ']).toBe(result.pareto!.filter(({ convex }) => convex).length);
  expect(sizes).not.toHaveProperty('small');
  expect(sizes['large']).toBe(1);
});

test('not knowing n is drawn by the error of the prediction', () => {
  const chart = predictionChart(result.unknownOutput!, palette) as unknown as Drawn;
  expect(chart.data.datasets.map(({ data }) => data.length)).toEqual([4, 4]);
});

test('colours are mixed, also where the style sheet writes them short', () => {
  expect(mixColours('#000', '#ffffff', 0.5)).toBe('#808080');
  expect(mixColours('#102030', '#ffffff', 0)).toBe('#102030');
  expect(withOpacity('#fff', 0.5)).toBe('#ffffff80');
});
