import { formatCount, formatFixed, formatPercent } from './format.ts';
import type { ManyReport } from './manyReport.ts';
import { manyPolicyName } from './manyWords.ts';
import { markup, type Markup } from './markup.ts';
import { linearTicks, logTicks, shortened } from './reportChart.ts';

const WIDTH = 720;
const PANEL = 'var(--panel, #ffffff)';
/** Height of a row of the savings, px. */
const ROW = 24;
const NAMES = 300;
/** Left and lower edge of the map, px. */
const LEFT = 52;
const MAP_WIDTH = 420;
const MAP_HEIGHT = 330;

/** Colours of the systems, in their order; where there are more, they begin again, and the letter tells them apart. */
const COLOURS = 8;

const px = (value: number): string => String(Math.round(value * 10) / 10);
/** The second sign of a system beside its colour. */
export const systemLetter = (system: number): string => String.fromCharCode(65 + system);
const systemFill = (system: number): string => `var(--system-${system % COLOURS})`;

/** What each policy saves against the best single system, with its 95% interval where there is one. */
export function savingsChart(report: ManyReport): Markup {
  const { policies, comparison, objective } = report;
  const { minSaving } = comparison.settings;
  const rows = policies.map((policy) => ({
    name: manyPolicyName(policy, report),
    saving: policy.saving,
    interval: policy.intervals?.saving,
  }));
  // What spends far more than it saves would squeeze what is to be told apart: it is cut, and an arrow says so.
  const most = rows.reduce(
    (a, { saving, interval }) => Math.max(a, saving, interval?.[1] ?? saving),
    minSaving,
  );
  const least = rows.reduce((a, { saving, interval }) => Math.min(a, saving, interval?.[0] ?? saving), 0);
  const ticks = linearTicks(100 * Math.max(least, -3 * most), 100 * most);
  const [low, high] = [ticks[0]! / 100, ticks.at(-1)! / 100];
  const right = WIDTH - 24;
  const x = (value: number): number =>
    NAMES + ((Math.max(low, value) - low) / (high - low)) * (right - NAMES);
  const bottom = 16 + ROW * rows.length;
  const row = ({ name, saving, interval }: (typeof rows)[number], i: number): Markup => {
    const y = 16 + ROW * (i + 0.5);
    return markup`<text class="name" x="${NAMES - 12}" y="${px(y + 4)}" text-anchor="end">${shortened(name, NAMES)}</text>${
      interval === undefined || saving < low
        ? undefined
        : markup`<line x1="${px(x(interval[0]))}" x2="${px(x(interval[1]))}" y1="${px(y)}" y2="${px(y)}" stroke="var(--hybrid, #009e73)" stroke-width="2"/>`
    }${
      saving < low
        ? markup`<path d="M${px(NAMES + 10)} ${px(y - 5)}L${NAMES + 2} ${px(y)}L${px(NAMES + 10)} ${px(y + 5)}Z" fill="var(--quiet, #60666d)"/>`
        : markup`<circle cx="${px(x(saving))}" cy="${px(y)}" r="4" fill="var(--hybrid, #009e73)" stroke="${PANEL}"/>`
    }`;
  };
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + 44}" role="img" aria-labelledby="savings-title savings-desc"><title id="savings-title">Saved of the ${objective} against the best single system, by policy</title><desc id="savings-desc">${rows
    .map(({ name, saving }) => `${name}: ${formatPercent(saving, 2)}`)
    .join('; ')}.</desc><g class="grid">${ticks.map(
    (tick) => markup`<line x1="${px(x(tick / 100))}" x2="${px(x(tick / 100))}" y1="12" y2="${bottom}"/>`,
  )}</g><g class="tick">${ticks.map(
    (tick) =>
      markup`<text x="${px(x(tick / 100))}" y="${bottom + 18}" text-anchor="middle">${formatFixed(tick, Number.isInteger(ticks[1]! - ticks[0]!) ? 0 : 1)}</text>`,
  )}</g><line x1="${px(x(0))}" x2="${px(x(0))}" y1="12" y2="${bottom}" stroke="var(--quiet, #60666d)"/><line x1="${px(x(minSaving))}" x2="${px(x(minSaving))}" y1="12" y2="${bottom}" stroke="var(--quiet, #60666d)" stroke-dasharray="3 3"/>${rows.map(
    row,
  )}<text class="axis" x="${px((NAMES + right) / 2)}" y="${bottom + 38}" text-anchor="middle">saved of the ${objective}, percent; dashed: the least that counts as useful</text></svg>`;
}

/** Which system is the cheapest for a query of so many input and output tokens: by colour and by letter. */
export function mapChart({ map, systems }: ManyReport): Markup {
  const { input, output, system, extrapolated } = map;
  const [right, bottom] = [LEFT + MAP_WIDTH, 16 + MAP_HEIGHT];
  const scale = (values: readonly number[], from: number, to: number) => {
    const [low, high] = [Math.log2(values[0]!), Math.log2(values.at(-1)!)];
    return (value: number): number =>
      high > low ? from + ((Math.log2(value) - low) / (high - low)) * (to - from) : (from + to) / 2;
  };
  const x = scale(output, LEFT + 10, right - 10);
  const y = scale(input, bottom - 8, 24);
  /** Half-way to the neighbours. */
  const edges = (
    values: readonly number[],
    at: (value: number) => number,
    i: number,
    first: number,
    last: number,
  ) => [
    i === 0 ? first : (at(values[i - 1]!) + at(values[i]!)) / 2,
    i === values.length - 1 ? last : (at(values[i]!) + at(values[i + 1]!)) / 2,
  ];
  const cell = (r: number, c: number): Markup => {
    const [x0, x1] = edges(output, x, c, LEFT, right);
    const [y0, y1] = edges(input, y, r, bottom, 16);
    const s = system[r]![c]!;
    const beyond = extrapolated[r]![c]!;
    return markup`<rect x="${px(x0!)}" y="${px(y1!)}" width="${px(x1! - x0!)}" height="${px(y0! - y1!)}" fill="${systemFill(s)}"${beyond ? markup` opacity="0.45"` : undefined}/>${
      r % 4 === 2 && c % 4 === 2
        ? markup`<text class="letter" x="${px(x(output[c]!))}" y="${px(y(input[r]!) + 4)}" text-anchor="middle">${systemLetter(s)}</text>`
        : undefined
    }`;
  };
  const shown = system.flat();
  const legend = systems.map(({ label }, s) => ({ s, label, used: shown.includes(s) }));
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + 44}" role="img" shape-rendering="crispEdges" aria-labelledby="map-title map-desc"><title id="map-title">The cheapest system for each query, by input and output tokens</title><desc id="map-desc">${legend
    .map(
      ({ s, label }) =>
        `${label}: ${formatPercent(shown.filter((each) => each === s).length / shown.length, 0)} of the map`,
    )
    .join(
      '; ',
    )}. From ${formatCount(input[0]!)} to ${formatCount(input.at(-1)!)} input and from ${formatCount(output[0]!)} to ${formatCount(output.at(-1)!)} output tokens.</desc>${input.map((_, r) => output.map((__, c) => cell(r, c)))}<g class="tick">${logTicks(
    output[0]!,
    output.at(-1)!,
  ).map(
    (tick) => markup`<text x="${px(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
  )}${logTicks(input[0]!, input.at(-1)!).map(
    (tick) => markup`<text x="${LEFT - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  )}</g><text class="axis" x="0" y="10">input tokens m</text><text class="axis" x="${px((LEFT + right) / 2)}" y="${bottom + 38}" text-anchor="middle">output tokens n</text>${legend.map(
    ({ s, label, used }, i) =>
      markup`<rect x="${right + 18}" y="${28 + 24 * i}" width="16" height="16" fill="${systemFill(s)}"/><text class="letter" x="${right + 26}" y="${40 + 24 * i}" text-anchor="middle">${systemLetter(s)}</text><text x="${right + 42}" y="${40 + 24 * i}">${shortened(used ? label : `${label}, nowhere`, 230)}</text>`,
  )}</svg>`;
}
