import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineChartSvg, linearTicks, logTicks, shortened, spread, type LineChart } from './reportChart.ts';

describe('ticks', () => {
  test('of a linear axis are round and enclose the values', () => {
    expect(linearTicks(0.7434, 0.8025)).toEqual([0.74, 0.75, 0.76, 0.77, 0.78, 0.79, 0.8, 0.81]);
    expect(linearTicks(0, 3.45)).toEqual([0, 1, 2, 3, 4]);
    expect(linearTicks(0, 1.47e6)).toEqual([0, 500_000, 1_000_000, 1_500_000]);
    expect(linearTicks(5, 5).length).toBeGreaterThan(1);
  });

  test('enclose any range in a few steps of equal size', () => {
    const value = fc
      .double({ min: -1e9, max: 1e9, noNaN: true })
      .filter((x) => x === 0 || Math.abs(x) > 1e-6);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        // A range far smaller than its values is no range that twelve digits can divide.
        fc.pre(high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high)));
        const ticks = linearTicks(low, high);
        const slack = 1e-6 * (high - low);
        expect(ticks[0]!).toBeLessThanOrEqual(low + slack);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high - slack);
        expect(ticks.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  test('of a log axis are powers of two, thinned where there are too many', () => {
    expect(logTicks(8, 2048)).toEqual([8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
    expect(logTicks(9, 70)).toEqual([16, 32, 64]);
    expect(logTicks(2, 14_050)).toEqual([2, 8, 32, 128, 512, 2048, 8192]);
  });
});

test('labels keep their distance, their order and their range', () => {
  const positions = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(positions, (wanted) => {
      const placed = spread(wanted, 15, 0, 200);
      const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
      order.forEach((i, rank) => {
        expect(placed[i]!).toBeGreaterThanOrEqual(-1e-9);
        expect(placed[i]!).toBeLessThanOrEqual(200 + 1e-9);
        if (rank > 0) expect(placed[i]! - placed[order[rank - 1]!]!).toBeGreaterThanOrEqual(15 - 1e-9);
      });
    }),
  );
  expect(spread([50, 100], 15, 0, 200)).toEqual([50, 100]);
});

test('a long name is cut, a short one is not', () => {
  expect(shortened('A100 (Swing)')).toBe('A100 (Swing)');
  expect(shortened('A very long name of a system in a cluster')).toMatch(/^A very long name.*…$/);
  expect([...shortened('苹果'.repeat(20))].length).toBeLessThan(14);
});

const chart: LineChart = {
  id: 'c',
  title: 'Title <1>',
  description: 'What it shows',
  xLabel: 'threshold T, input tokens',
  yLabel: 'energy, kWh',
  series: [
    { label: '', tone: 'hybrid', points: [8, 16, 32, 64].map((x, i) => ({ x, y: [4, 2, 1, 3][i]! })) },
  ],
  levels: [
    { label: 'M1 alone', tone: 'small', y: 3 },
    { label: 'A100 alone', tone: 'large', y: 3.02 },
  ],
  mark: { x: 32, y: 1, label: 'use T = 32', tone: 'hybrid', hollow: false, source: 'from-x' },
  fromZero: false,
};

/** Positions and texts of the labels of one class. */
function labels(svg: string): { x: number; y: number; text: string }[] {
  return [...svg.matchAll(/<text class="name[^"]*" x="([\d.-]+)" y="([\d.-]+)">([^<]*)</g)].map(
    ([, x, y, text]) => ({ x: Number(x), y: Number(y), text: text! }),
  );
}

describe('a line chart', () => {
  const svg = lineChartSvg(chart)!.text;

  test('says what it is to those who do not see it, with names escaped', () => {
    expect(svg).toMatch(/role="img" aria-labelledby="c-title c-desc"/);
    expect(svg).toContain('<title id="c-title">Title &lt;1&gt;</title>');
    expect(svg).toContain('<desc id="c-desc">What it shows</desc>');
  });

  test('has units on both axes', () => {
    expect(svg).toContain('>threshold T, input tokens<');
    expect(svg).toContain('>energy, kWh<');
  });

  test('has equal steps for each doubling', () => {
    const [path] = /<path d="[^"]+"/.exec(svg)!;
    const xs = [...path.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x));
    expect(xs).toHaveLength(4);
    const steps = xs.slice(1).map((x, i) => x - xs[i]!);
    for (const step of steps) expect(Math.abs(step - steps[0]!)).toBeLessThan(0.3);
  });

  test('labels lines directly, two nearly equal ones apart', () => {
    const [m1, a100] = ['M1 alone', 'A100 alone'].map((name) =>
      labels(svg).find(({ text }) => text === name)!,
    );
    expect(Math.abs(m1!.y - a100!.y)).toBeGreaterThanOrEqual(14.9);
    // The higher level has the higher label; y grows downwards.
    expect(a100!.y).toBeLessThan(m1!.y);
  });

  test('marks the chosen point, hollow where it is not followed', () => {
    expect(labels(svg).map(({ text }) => text)).toContain('use T = 32');
    const hollow = lineChartSvg({ ...chart, mark: { ...chart.mark!, hollow: true, source: 'from-x' } })!.text;
    expect(/r="6" fill="var\(--panel/.test(hollow)).toBe(true);
    expect(/r="6" fill="var\(--hybrid/.test(svg)).toBe(true);
  });

  test('labels a line that ends early where it ends', () => {
    const early = lineChartSvg({
      ...chart,
      series: [
        { label: 'short', tone: 'small', points: [8, 16].map((x) => ({ x, y: 2 })) },
        { label: 'long', tone: 'large', points: [8, 512].map((x) => ({ x, y: x / 100 })) },
      ],
      levels: [],
    })!.text;
    const at = (name: string): number => labels(early).find(({ text }) => text === name)!.x;
    expect(at('short')).toBeLessThan(400);
    expect(at('long')).toBeGreaterThan(600);
  });

  test('leaves out lengths of no tokens, which a log axis cannot show', () => {
    const withZero = [{ ...chart.series[0]!, points: [{ x: 0, y: 9 }, ...chart.series[0]!.points] }];
    expect(lineChartSvg({ ...chart, series: withZero })!.text).toBe(svg);
  });

  test('of a single point is still a chart, of none is none', () => {
    const single = lineChartSvg({
      ...chart,
      series: [{ label: 'one', tone: 'small', points: [{ x: 8, y: 1 }] }],
      levels: [],
    })!.text;
    expect(single).not.toMatch(/NaN|Infinity/);
    expect(lineChartSvg({ ...chart, series: [] })).toBeUndefined();
  });

  test('never draws a number that is none', () => {
    const points = fc.array(
      fc.record({
        x: fc.integer({ min: 1, max: 20_000 }),
        y: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(points, fc.boolean(), (made, fromZero) => {
        const drawn = lineChartSvg({
          ...chart,
          series: [{ label: 'made', tone: 'large', points: [...made].sort((a, b) => a.x - b.x) }],
          mark: { ...made[0]!, label: 'here', tone: 'large', hollow: true, source: 'from-x' },
          fromZero,
        })!.text;
        expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });
});
