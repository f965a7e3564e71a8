import { MatrixController, type MatrixElement } from 'chartjs-chart-matrix';

/** A dataset of fields. */
interface FieldsDataset {
  readonly data: readonly { readonly x: number; readonly y: number }[];
  readonly backgroundColor: readonly string[];
  /** how many fields lie beside and above one another */
  readonly columns: number;
  readonly rows: number;
}

/**
 * A matrix that fills its chart with fields of one size, each in the colour that `backgroundColor` lists for it. It asks
 * for no options of each of a thousand fields, as the library's own does, so that a step of λ is drawn in time.
 */
export class FieldsController extends MatrixController {
  static override readonly id = 'fields' as 'matrix';

  override updateElements(rects: MatrixElement[], start: number, count: number): void {
    const { xScale, yScale } = this._cachedMeta;
    if (xScale === undefined || yScale === undefined) return;
    const { data, columns, rows } = this.getDataset() as unknown as FieldsDataset;
    const { chartArea } = this.chart;
    const width = Math.ceil(chartArea.width / columns + 0.4);
    const height = Math.ceil(chartArea.height / rows + 0.4);
    for (let i = start; i < start + count; i++) {
      Object.assign(rects[i]!, {
        width,
        height,
        x: xScale.getPixelForValue(data[i]!.x) - width / 2,
        y: yScale.getPixelForValue(data[i]!.y) - height / 2,
      });
    }
  }

  override draw(): void {
    const { ctx } = this.chart;
    const { backgroundColor } = this.getDataset() as unknown as FieldsDataset;
    ctx.save();
    this.getMeta().data.forEach(({ x, y, width, height }: MatrixElement, i: number) => {
      ctx.fillStyle = backgroundColor[i]!;
      ctx.fillRect(x, y, width, height);
    });
    ctx.restore();
  }
}
