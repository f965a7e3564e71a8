import type { Plugin } from 'chart.js';
import type { DecisionMap } from '#core/analysis/decisionMap';
import type { Palette } from '../composables/usePalette.ts';
import type { DensityField } from './densityFields.ts';
import { mixColours, withOpacity } from './mixColours.ts';

/**
 * Paints the decision map below everything: the washes, in runs along n, the hatching, and the workload.
 * @param colours of the systems
 * @param dots the colour of the workload's dots
 */
export function decisionPaint(
  { map, density }: { readonly map: DecisionMap; readonly density: readonly DensityField[] },
  colours: readonly string[],
  dots: string,
  palette: Palette,
): Plugin {
  const edges = (values: Float64Array): number[] => [
    values[0]! / 1.06,
    ...Array.from(values.subarray(1), (value, i) => Math.sqrt(value * values[i]!)),
    values.at(-1)! * 1.06,
  ];
  const [columns, rows] = [edges(map.ms), edges(map.ns)];
  const washes = colours.map((colour) => mixColours(palette.panel, colour, palette.dark ? 0.2 : 0.11));
  const { length } = map.ns;
  return {
    id: 'decision-map',
    beforeDatasetsDraw: ({ ctx, scales, chartArea, currentDevicePixelRatio }) => {
      const [x, y] = [scales['x']!, scales['y']!];
      const within = (pen: Pen): void => {
        pen.save();
        pen.beginPath();
        pen.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
        pen.clip();
      };
      const runs = (
        of: Uint8Array,
        paint: (value: number, rect: [number, number, number, number]) => void,
      ): void => {
        for (let m = 0; m < map.ms.length; m++) {
          const x0 = x.getPixelForValue(columns[m]!);
          const x1 = x.getPixelForValue(columns[m + 1]!);
          for (let n = 0; n < length;) {
            let end = n;
            while (end < length && of[m * length + end] === of[m * length + n]) end += 1;
            const y0 = y.getPixelForValue(rows[n]!);
            const y1 = y.getPixelForValue(rows[end]!);
            paint(of[m * length + n]!, [x0, y1, x1 - x0 + 0.6, y0 - y1]);
            n = end;
          }
        }
      };
      const still = (pen: Pen): void => {
        within(pen);
        pen.beginPath();
        runs(map.extrapolated, (beyond, rect) => {
          if (beyond === 1) pen.rect(...rect);
        });
        pen.clip();
        pen.strokeStyle = withOpacity(palette.muted, 0.35);
        pen.lineWidth = 1;
        pen.beginPath();
        for (let at = chartArea.left - chartArea.height; at < chartArea.right; at += 9) {
          pen.moveTo(at, chartArea.bottom);
          pen.lineTo(at + chartArea.height, chartArea.top);
        }
        pen.stroke();
        pen.restore();
        paintDensity(pen, density, (m, n) => [x.getPixelForValue(m), y.getPixelForValue(n)], dots);
      };
      within(ctx);
      runs(map.system, (system, rect) => {
        ctx.fillStyle = washes[system] ?? palette.panel;
        ctx.fillRect(...rect);
      });
      ctx.restore();
      // What gives an SVG takes no picture of a part.
      if (!(ctx instanceof CanvasRenderingContext2D)) return still(ctx);
      const { left, top, right, bottom } = chartArea;
      const [x0, y0] = [Math.floor(left) - REACH, Math.floor(top) - REACH];
      const [width, height] = [Math.ceil(right) + REACH - x0, Math.ceil(bottom) + REACH - y0];
      const key = [left, top, right, bottom, currentDevicePixelRatio, dots, palette.muted].join(' ');
      if (layer?.key !== key || layer.of !== map.extrapolated || layer.density !== density) {
        const canvas = new OffscreenCanvas(width * currentDevicePixelRatio, height * currentDevicePixelRatio);
        const pen = canvas.getContext('2d')!;
        pen.scale(currentDevicePixelRatio, currentDevicePixelRatio);
        pen.translate(-x0, -y0);
        still(pen);
        layer = { key, of: map.extrapolated, density, canvas };
      }
      ctx.drawImage(layer.canvas, x0, y0, width, height);
    },
  };
}

type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** How far a dot at the edge reaches beyond the chart's area, px. */
const REACH = 9;

/** The hatching and the dots as they were painted last: λ moves neither, and to clip the hatching takes long. */
let layer:
  | {
      readonly key: string;
      readonly of: Uint8Array;
      readonly density: readonly DensityField[];
      readonly canvas: OffscreenCanvas;
    }
  | undefined;

/** A dot for each field of the workload, its area in the proportion of its queries. */
function paintDensity(
  ctx: Pen,
  density: readonly DensityField[],
  place: (m: number, n: number) => [number, number],
  colour: string,
): void {
  const most = density.reduce((highest, { share }) => Math.max(highest, share), 0);
  ctx.save();
  ctx.fillStyle = colour;
  for (const { m, n, share } of density) {
    ctx.beginPath();
    ctx.arc(...place(m, n), 1 + 6.5 * Math.sqrt(share / most), 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}
