import { BasicPlatform, Chart, type ChartConfiguration } from 'chart.js';
import { Context } from 'svgcanvas';
import type { Palette } from '../composables/usePalette.ts';
import { drawCaption, layCaption, type Caption, type Pen } from './picture.ts';

/**
 * A chart drawn once more, as an SVG document on the panel's colour, with its title and its legend below it.
 * @param size of the chart on the screen, px
 */
export function chartSvg(
  config: ChartConfiguration,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  caption: Caption,
  palette: Palette,
): string {
  const measuring = document.createElement('canvas').getContext('2d')!;
  const laid = layCaption(measuring, caption, widthPx, palette);
  const context = new Context({ width: widthPx, height: heightPx + laid.heightPx });
  const listens = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const canvas = { width: widthPx, height: heightPx, style: {}, ...listens, getContext: () => context };
  context.canvas = canvas;
  beQuiet(context);
  context.fillStyle = palette.panel;
  context.fillRect(0, 0, widthPx, heightPx + laid.heightPx);
  // Lines with segments are drawn on the context; others on paths of the canvas's own, which no SVG comes from.
  const datasets = config.data.datasets.map((dataset) => ({ segment: {}, ...dataset }));
  const chart = new Chart(
    canvas as unknown as HTMLCanvasElement,
    {
      ...config,
      data: { ...config.data, datasets },
      platform: BasicPlatform,
      options: {
        ...config.options,
        responsive: false,
        animation: false,
        devicePixelRatio: 1,
        events: [],
        plugins: { ...config.options?.plugins, zoom: false as never },
      },
    } as ChartConfiguration,
  );
  try {
    drawCaption(
      context as unknown as Pen,
      { title: caption.title, rows: laid.rows, topPx: heightPx },
      palette,
    );
    return context.getSerializedSvg(true);
  } finally {
    chart.destroy();
  }
}

const ANCHORS: Record<string, string> = { left: 'start', right: 'end', center: 'middle' };
const BASELINES: Record<string, string> = {
  top: 'text-before-edge',
  middle: 'central',
  bottom: 'text-after-edge',
};

/**
 * Two things that the library does otherwise: a path that is begun within a group is of no account, and the font of a
 * text is read without a style attribute, which the page's policy refuses.
 */
function beQuiet(context: Context): void {
  const apply = context.__applyCurrentDefaultPath.bind(context);
  context.__applyCurrentDefaultPath = () => {
    if (context.__currentElement.nodeName === 'path') apply();
  };
  context.__applyText = (text, x, y, action) => {
    const { style } = document.createElement('span');
    style.font = context.font;
    const parent = context.__closestGroupOrSvg();
    const element = context.__createElement(
      'text',
      {
        'font-family': style.fontFamily,
        'font-size': style.fontSize,
        'font-style': style.fontStyle,
        'font-weight': style.fontWeight,
        x,
        y,
        'text-anchor': ANCHORS[context.textAlign] ?? context.textAlign,
        'dominant-baseline': BASELINES[context.textBaseline] ?? context.textBaseline,
      },
      true,
    );
    element.textContent = text;
    context.__currentElement = element;
    context.__applyTransformation(element);
    context.__applyStyleToCurrentElement(action);
    parent.append(element);
  };
}
