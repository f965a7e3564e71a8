import type { ReportSystem } from './report.ts';

/** How the cells of a profile lie, in words. */
export const DESIGNS: Readonly<Record<ReportSystem['design'], string>> = {
  sweeps: 'two sweeps',
  grid: 'a full grid',
  cells: 'free cells',
};

/** Under which conditions a system was measured: engine, precision, cache, batch, GPUs. */
export function conditionsText({ conditions }: Pick<ReportSystem, 'conditions'>): string {
  const { engine, precision, kvCache, batch, recordedBatch, gpus } = conditions;
  return [
    engine,
    precision,
    `KV cache ${kvCache ? 'on' : 'off'}`,
    `batch ${batch}${recordedBatch === undefined ? '' : ` (the source records ${recordedBatch})`}`,
    gpus === 1 ? '1 GPU' : `${gpus} GPUs`,
  ].join(' · ');
}
