import { formatFixed } from './format.ts';
import { markup, type Markup, type MarkupValue } from './markup.ts';

/** What a line is about; it decides the colour. */
export type Tone = 'small' | 'large' | 'hybrid';

/** A line through points, labelled at its right end. */
export interface ChartSeries {
  readonly label: string;
  readonly tone: Tone;
  readonly points: readonly ChartPoint[];
}

/** x > 0, because the axis is logarithmic. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** A level that holds for every x: a dashed line, labelled at its right end. */
export interface ChartLevel {
  readonly label: string;
  readonly tone: Tone;
  readonly y: number;
}

/** A line chart on a log2 x axis and a linear y axis, as data. */
export interface LineChart {
  /** unique in the document */
  readonly id: string;
  readonly title: string;
  /** what the figure shows, in a sentence or two, for those who do not see it */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: MarkupValue;
  readonly series: readonly ChartSeries[];
  readonly levels?: readonly ChartLevel[];
  /** the chosen point; hollow where it is not followed */
  readonly mark?: ChartPoint & {
    readonly label: string;
    readonly tone: Tone;
    readonly hollow: boolean;
    /** id of where its number comes from in the document */
    readonly source: string;
  };
  /** whether the y axis begins at 0 */
  readonly fromZero: boolean;
}

const WIDTH = 720;
const HEIGHT = 300;
const TOP = 30;
const BOTTOM = 46;
/** Height of a line of labels, and the most that a name may take of the width, in px. */
const LINE = 15;
const WIDEST_NAME = 172;
/** With more points than this, a line shows no dot at each of them. */
const MOST_DOTS = 24;

const COLOURS: Readonly<Record<Tone, string>> = {
  small: 'var(--small, #0072b2)',
  large: 'var(--large, #d55e00)',
  hybrid: 'var(--hybrid, #009e73)',
};

const PANEL = 'var(--panel, #ffffff)';

/** A box in px that a label would cover. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Round values of an axis from at or below `low` to at or above `high`: 1, 2 or 5 times a power of ten apart. */
export function linearTicks(low: number, high: number, most = 6): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Twelve digits, so that 3 × 0.1 is 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of two within a range, every one or every second or third, so that there are at most `most`. */
export function logTicks(low: number, high: number, most = 9): number[] {
  const first = Math.ceil(Math.log2(low) - 1e-9);
  const last = Math.floor(Math.log2(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += step) ticks.push(2 ** power);
  return ticks;
}

/** Moves label positions apart so that neighbours are at least `gap` apart, within a range where they fit. */
export function spread(positions: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]! || a - b);
  const placed: number[] = [...positions];
  let next = top;
  for (const i of order) {
    placed[i] = Math.max(next, placed[i]!);
    next = placed[i] + gap;
  }
  let last = Math.max(bottom, top + gap * (positions.length - 1));
  for (const i of [...order].reverse()) {
    placed[i] = Math.min(last, placed[i]!);
    last = placed[i] - gap;
  }
  return placed;
}

/** About how wide a text is at most at the size of labels, on paper too, in px: letters 7.4, ideographs and the like 14. */
function textWidth(text: string): number {
  return [...text].reduce((width, character) => width + (character >= '\u2e80' ? 14 : 7.4), 0);
}

/** A name cut to a width in px, so that a long one cannot push a chart out of shape. */
export function shortened(name: string, widest = WIDEST_NAME): string {
  if (textWidth(name) <= widest) return name;
  const characters = [...name];
  while (characters.length > 1 && textWidth(characters.join('')) > widest - 7) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** Where things lie: from values to px. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  /** decimals of the labels of the y axis */
  readonly decimals: number;
}

function frameOf(chart: LineChart): Frame {
  const points = chart.series.flatMap((series) => series.points);
  const xs = points.map((point) => point.x);
  const ys = [...points.map((point) => point.y), ...(chart.levels ?? []).map((level) => level.y)];
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
  const [lowX, highX] = [least(xs), largest(xs)];
  const room = highX > lowX ? 1 : Math.SQRT2;
  const [low, high] = [lowX / room, highX * room];
  const yTicks = linearTicks(chart.fromZero ? Math.min(0, least(ys)) : least(ys), largest(ys));
  const step = yTicks[1]! - yTicks[0]!;
  const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
  const widest = (texts: readonly string[]): number => largest(texts.map(textWidth));
  const left = 12 + widest(yTicks.map((tick) => formatFixed(tick, decimals)));
  const names = [...chart.series, ...(chart.levels ?? [])].map(({ label }) => shortened(label));
  const right = WIDTH - 14 - widest(names);
  const bottom = HEIGHT - BOTTOM;
  return {
    left,
    right,
    bottom,
    x: (value) =>
      left + ((Math.log2(value) - Math.log2(low)) / (Math.log2(high) - Math.log2(low))) * (right - left),
    y: (value) => bottom - ((value - yTicks[0]!) / (yTicks.at(-1)! - yTicks[0]!)) * (bottom - TOP),
    xTicks: logTicks(low, high),
    yTicks,
    decimals,
  };
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

function grid(chart: LineChart, { left, right, bottom, x, y, xTicks, yTicks, decimals }: Frame): Markup {
  return markup`<g class="grid">${yTicks.map(
    (tick) => markup`<line x1="${px(left)}" x2="${px(right)}" y1="${px(y(tick))}" y2="${px(y(tick))}"/>`,
  )}</g><g class="tick">${yTicks.map(
    (tick) =>
      markup`<text x="${px(left - 8)}" y="${px(y(tick) + 4)}" text-anchor="end">${formatFixed(tick, decimals)}</text>`,
  )}${xTicks.map(
    (tick) => markup`<text x="${px(x(tick))}" y="${px(bottom + 18)}" text-anchor="middle">${tick}</text>`,
  )}</g><text class="axis" x="0" y="14">${chart.yLabel}</text><text class="axis" x="${px(
    (left + right) / 2,
  )}" y="${px(HEIGHT - 8)}" text-anchor="middle">${chart.xLabel}</text>`;
}

function line(series: ChartSeries, frame: Frame): Markup {
  const colour = COLOURS[series.tone];
  const corners = series.points.map((point) => [px(frame.x(point.x)), px(frame.y(point.y))] as const);
  const path = corners.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const dots = corners.length <= MOST_DOTS ? corners : [];
  // Squares for the large system, so that colour is not the only sign.
  const dot = ([x, y]: readonly [string, string]): Markup =>
    series.tone === 'large'
      ? markup`<rect x="${px(Number(x) - 2.5)}" y="${px(Number(y) - 2.5)}" width="5" height="5"/>`
      : markup`<circle cx="${x}" cy="${y}" r="2.7"/>`;
  return markup`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/><g fill="${colour}">${dots.map(dot)}</g>`;
}

function level({ tone, y }: ChartLevel, frame: Frame): Markup {
  const dashes = tone === 'small' ? '7 4' : '2 3';
  return markup`<line x1="${px(frame.left)}" x2="${px(frame.right)}" y1="${px(frame.y(y))}" y2="${px(
    frame.y(y),
  )}" stroke="${COLOURS[tone]}" stroke-width="1.5" stroke-dasharray="${dashes}"/>`;
}

/** Labels at the ends of lines and levels, moved apart where they would cover one another. */
function endLabels(chart: LineChart, frame: Frame): Markup[] {
  const named = chart.series.filter(({ label }) => label !== '');
  const ends = [
    ...named.map(({ label, tone, points }) => ({ label, tone, ...points.at(-1)! })),
    ...(chart.levels ?? []).map((one) => ({ ...one, x: Infinity })),
  ];
  const reach = (x: number): number => Math.min(frame.right, frame.x(x));
  // A line that ends early is labelled where it ends, the others in the margin.
  const early = ends.filter(({ x }) => reach(x) < frame.right - 30);
  const margin = ends.filter((end) => !early.includes(end));
  const heights = spread(
    margin.map(({ y }) => frame.y(y)),
    LINE,
    TOP,
    frame.bottom,
  );
  return [
    ...margin.map(({ label, tone }, i) => name(shortened(label), tone, frame.right + 8, heights[i]!)),
    ...early.map(({ label, tone, x, y }) => {
      const text = shortened(label);
      const box = freePlace(text, frame.x(x), frame.y(y), chart, frame);
      return name(text, tone, box.left, (box.top + box.bottom) / 2);
    }),
  ];
}

/** A name in the colour of what it names, its middle at `y`. */
function name(text: string, tone: Tone, x: number, y: number): Markup {
  return markup`<text class="name ${tone}" x="${px(x)}" y="${px(y + 4)}">${text}</text>`;
}

/** How many points of lines and levels, looked at every 3 px, a box would cover. */
function covered(box: Box, chart: LineChart, frame: Frame): number {
  let found = 0;
  const look = (x: number, y: number): void => {
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) found++;
  };
  for (const { y } of chart.levels ?? []) {
    for (let x = frame.left; x <= frame.right; x += 3) look(x, frame.y(y));
  }
  for (const { points } of chart.series) {
    points.slice(1).forEach((point, i) => {
      const [x0, y0] = [frame.x(points[i]!.x), frame.y(points[i]!.y)];
      const [x1, y1] = [frame.x(point.x), frame.y(point.y)];
      const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 3));
      for (let k = 0; k <= steps; k++) look(x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps);
    });
  }
  return found;
}

/** The place for a text near a point where it covers least, and of equals the nearest. */
function freePlace(text: string, x: number, y: number, chart: LineChart, frame: Frame): Box {
  const width = textWidth(text);
  const lefts = [12, -width / 2, -12 - width, 48, 88];
  const heights = [0, 14, -14, 18, -18, 32, -32, 48, -48, 64, -64];
  const places = heights
    .flatMap((dy) =>
      lefts.map((dx) => ({
        left: x + dx,
        top: y + dy - LINE / 2,
        right: x + dx + width,
        bottom: y + dy + LINE / 2,
        // Beside the point, a text needs no distance from it; above and below it does.
        beside: dx > 0 || dx < -width,
        distance: Math.abs(dy) + Math.max(0, dx - 12),
      })),
    )
    .filter(
      ({ left, right, top, bottom, beside, distance }) =>
        left > frame.left &&
        right < frame.right &&
        top > TOP - LINE &&
        bottom < frame.bottom &&
        (beside || distance >= 14),
    );
  const cost = (box: Box & { distance: number }): number =>
    10 * covered(box, chart, frame) + box.distance / 16;
  const [first] = places;
  if (first === undefined) {
    return { left: frame.left + 8, top: TOP, right: frame.left + 8 + width, bottom: TOP + LINE };
  }
  return places.reduce((a, b) => (cost(b) < cost(a) ? b : a), first);
}

function marked(chart: LineChart, frame: Frame): Markup | undefined {
  if (chart.mark === undefined) return undefined;
  const { label, tone, hollow, source } = chart.mark;
  const [x, y] = [frame.x(chart.mark.x), frame.y(chart.mark.y)];
  const box = freePlace(label, x, y, chart, frame);
  const [fill, stroke] = hollow ? [PANEL, COLOURS[tone]] : [COLOURS[tone], PANEL];
  return markup`<circle cx="${px(x)}" cy="${px(y)}" r="6" fill="${fill}" stroke="${stroke}" stroke-width="2"/><a class="from" href="#${source}">${name(
    label,
    tone,
    box.left,
    (box.top + box.bottom) / 2,
  )}</a>`;
}

/**
 * The chart as SVG of 720 × 300 px that scales with its container. Colours come from the CSS variables
 * and classes `small`, `large` and `hybrid` of the document, so that it suits light and dark.
 * @returns undefined when there is no point to draw
 */
export function lineChartSvg(chart: LineChart): Markup | undefined {
  const series = chart.series
    .map((one) => ({ ...one, points: one.points.filter(({ x }) => x > 0) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  const drawn = { ...chart, series };
  const frame = frameOf(drawn);
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${chart.id}-title ${
    chart.id
  }-desc"><title id="${chart.id}-title">${chart.title}</title><desc id="${chart.id}-desc">${
    chart.description
  }</desc>${grid(drawn, frame)}${(chart.levels ?? []).map((one) => level(one, frame))}${series.map((one) =>
    line(one, frame),
  )}${endLabels(drawn, frame)}${marked(drawn, frame)}</svg>`;
}
