import type { ImportOptions } from '#core/import/options';
import type { ColumnChoice } from '#core/import/options';
import { readTableText } from '../text/tableText.ts';
import { finiteOnly, looksLike, textFormat, warning, type Parsed } from './parsed.ts';

const MOST_GPUS = 256;
/** Times below this are of a clock that counts from the machine's start. */
const SINCE_1970_S = 1e9;

/**
 * The CSV that ZeusMonitor writes: `start_time,window_name,elapsed_time,gpuN_energy`, J and s
 * (ml-energy/zeus, zeus/monitor/energy.py). A window has no tokens; the GPUs of a window are added up.
 */
export const zeus = textFormat({
  id: 'zeus',
  name: 'Zeus, windows of ZeusMonitor',
  looks: looksLike(/^\s*start_time[,;]window_name[,;]elapsed_time\b/),
  parse: parseZeus,
});

function parseZeus(text: string, name: string, options: ImportOptions): Parsed {
  const known: Record<string, ColumnChoice> = {
    start_time: { role: 'start-time', unit: 's' },
    window_name: { role: 'phase' },
    elapsed_time: { role: 'runtime', unit: 's' },
  };
  for (let gpu = 0; gpu < MOST_GPUS; gpu++) {
    known[`gpu${gpu}_energy`] = { role: 'energy', unit: 'J', rail: 'gpu' };
  }
  const table = readTableText(name, text, options, { known, mend: finiteOnly });
  const gpus = table.columns.filter((column) => /^gpu\d+_energy$/.test(column.name)).length;
  const dated = table.observations.some(({ startS = 0 }) => startS > SINCE_1970_S);
  const windows = table.observations.map(({ phase }) => phase);
  const training = windows.some((window) => window?.startsWith('__GlobalPowerLimitOptimizer') === true);
  return {
    ...table,
    observations: table.observations.map((row) => (gpus > 0 ? { ...row, gpus } : row)),
    findings: [
      ...table.findings,
      ...(training
        ? [
            warning(
              'not-queries',
              'The windows are those in which Zeus tries out power limits: steps of a training, not queries.',
              'Bring windows that each hold one query, or one batch of them.',
            ),
          ]
        : []),
    ],
    facts: { energyIs: 'measured', ...(gpus > 0 ? { gpus } : {}) },
    clock: dated ? { kind: 'utc', slackS: 2 } : { kind: 'own', slackS: 0 },
  };
}
