import type { ChartConfiguration } from 'chart.js';
import type { Palette } from '../composables/usePalette.ts';
import type { LegendItem } from './powerChart.ts';

/** Layout of what stands over the chart in a picture, px. */
const EDGE = 16;
const TITLE = 15;
const LINE = 20;
const SIGN = 16;
const BETWEEN = 14;

/** What a picture says beside the chart. */
export interface Caption {
  readonly title: string;
  readonly legend: readonly LegendItem[];
}

/**
 * The chart inside an element as a PNG, with its title and its legend, on the panel's colour.
 * @returns undefined where there is no chart
 */
export async function pictureOf(
  frame: HTMLElement | null,
  caption: Caption,
  palette: Palette,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chart = frame?.querySelector('canvas');
  if (!chart || chart.clientWidth === 0) return undefined;
  const scale = chart.width / chart.clientWidth;
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  if (ctx === null) return undefined;
  const { rows, heightPx: topPx } = layCaption(ctx, caption, chart.clientWidth, palette);
  canvas.width = chart.width + 2 * EDGE * scale;
  canvas.height = chart.height + (topPx + EDGE) * scale;
  ctx.fillStyle = palette.panel;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(chart, EDGE * scale, topPx * scale);
  ctx.scale(scale, scale);
  drawCaption(ctx, { title: caption.title, rows, topPx: 0 }, palette);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer());
}

/** What a legend and a title are drawn with: a canvas, or what gives an SVG. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'measureText'
  | 'fillRect'
  | 'setLineDash'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fillText'
>;

/** The legend in rows that fit the width, and how high title and legend are. */
export function layCaption(
  pen: Pen,
  { legend }: Caption,
  widthPx: number,
  palette: Palette,
): { rows: Placed[][]; heightPx: number } {
  const rows = legendRows(pen, legend, widthPx, palette);
  return { rows, heightPx: EDGE + TITLE + 8 + rows.length * LINE + 4 };
}

/** Draws what was laid, from so far below the upper edge. */
export function drawCaption(
  pen: Pen,
  {
    title,
    rows,
    topPx,
  }: { readonly title: string; readonly rows: readonly Placed[][]; readonly topPx: number },
  palette: Palette,
): void {
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.text;
  pen.font = `600 ${TITLE}px ${palette.font}`;
  pen.fillText(title, EDGE, topPx + EDGE + TITLE / 2);
  rows.forEach((row, i) => drawRow(pen, row, topPx + EDGE + TITLE + 8 + (i + 0.5) * LINE, palette));
}

/** The legend that a chart's own data tell: the name, colour and dashes of each series. */
export function legendOf({ data }: ChartConfiguration): LegendItem[] {
  const items = data.datasets.flatMap((dataset): LegendItem[] => {
    const { label, borderColor, borderDash } = dataset as {
      label?: string;
      borderColor?: unknown;
      borderDash?: readonly number[];
    };
    const colour = [borderColor, dataset.backgroundColor].flat().find((each) => typeof each === 'string');
    return label === undefined || typeof colour !== 'string'
      ? []
      : [{ label, colour, ...(borderDash === undefined ? {} : { dash: borderDash }) }];
  });
  return items.filter(({ label }, i) => items.findIndex((other) => other.label === label) === i);
}

export interface Placed {
  readonly item: LegendItem;
  readonly leftPx: number;
}

/** Legend items side by side, as many in a row as there is room for. */
function legendRows(ctx: Pen, legend: readonly LegendItem[], widthPx: number, palette: Palette): Placed[][] {
  ctx.font = `12px ${palette.font}`;
  const rows: Placed[][] = [];
  let leftPx = Infinity;
  for (const item of legend) {
    const ownPx = SIGN + 5 + ctx.measureText(item.label).width;
    if (leftPx + ownPx > EDGE + widthPx) {
      rows.push([]);
      leftPx = EDGE;
    }
    rows.at(-1)!.push({ item, leftPx });
    leftPx += ownPx + BETWEEN;
  }
  return rows;
}

function drawRow(ctx: Pen, row: readonly Placed[], y: number, palette: Palette): void {
  ctx.font = `12px ${palette.font}`;
  for (const { item, leftPx } of row) {
    if (item.dash === undefined) {
      ctx.fillStyle = item.colour;
      ctx.fillRect(leftPx + 3, y - 5, 10, 10);
    } else {
      ctx.strokeStyle = item.colour;
      ctx.lineWidth = 2;
      ctx.setLineDash([...item.dash]);
      ctx.beginPath();
      ctx.moveTo(leftPx, y);
      ctx.lineTo(leftPx + SIGN, y);
      ctx.stroke();
    }
    ctx.fillStyle = palette.text;
    ctx.fillText(item.label, leftPx + SIGN + 5, y);
  }
}
