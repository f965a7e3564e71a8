import { deviceOf } from '#core/import/devices';
import type { Observation } from '#core/import/observation';
import type { ColumnChoice, ImportOptions } from '#core/import/options';
import { readTableText } from '../text/tableText.ts';
import { energyOf, finiteOnly, looksLike, textFormat, warning, type Parsed } from './parsed.ts';

/** The power column is a share of the rated power: it is read as if it were W, and put right afterwards. */
const KNOWN: Readonly<Record<string, ColumnChoice>> = {
  model: { role: 'model' },
  hardware: { role: 'system' },
  prompt_size: { role: 'input-tokens', unit: 'token' },
  token_size: { role: 'output-tokens', unit: 'token' },
  batch_size: { role: 'batch', unit: 'count' },
  tensor_parallel: { role: 'gpus', unit: 'count' },
  average_power: { role: 'power', unit: 'W', rail: 'gpu' },
  peak_power: { role: 'ignore' },
  prompt_time: { role: 'first-token-time', unit: 'ms' },
  token_time: { role: 'ignore' },
  e2e_time: { role: 'runtime', unit: 'ms' },
};

/**
 * The profile table of Splitwise: `model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,
 * prompt_time,token_time,e2e_time,tensor_parallel`, times in ms of a whole batch (Mutinifni/splitwise-sim,
 * data/perf_model.csv). Its powers are shares of the GPUs' rated power, and 0 where none was read: with the rated power,
 * told or known by the GPU's name, they make an energy that is modelled, not measured.
 */
export const splitwise = textFormat({
  id: 'splitwise',
  name: 'Splitwise, profile table',
  looks: looksLike(/^\s*model[,;]hardware[,;]prompt_size[,;]batch_size[,;]token_size[,;]/),
  parse: parseSplitwise,
});

function parseSplitwise(text: string, name: string, options: ImportOptions): Parsed {
  const used = new Set<string>();
  const mend = (observation: Observation): Observation => {
    const { energyJ, ...rest } = finiteOnly(observation);
    const device = deviceOf(rest.system ?? '');
    const ratedW = options.ratedW ?? (device === undefined ? undefined : device.ratedW * (rest.gpus ?? 1));
    const share = energyJ.gpu;
    if (ratedW === undefined || share === undefined || !(share > 0)) return { ...rest, energyJ: {} };
    used.add(
      options.ratedW === undefined ? `${device!.name}: ${device!.ratedW} W each` : `${ratedW} W, as you say`,
    );
    return { ...rest, energyJ: energyOf({ gpu: share * ratedW }) };
  };
  const table = readTableText(name, text, options, { known: KNOWN, mend });
  return {
    ...table,
    findings: [
      ...table.findings,
      used.size === 0
        ? warning(
            'normalised-power',
            "The powers are shares of the GPUs' rated power, which is not known, so they tell no energy.",
            'Say the rated power of all GPUs of a row together (--rated 800 for two A100).',
          )
        : warning(
            'modelled',
            `The energies are computed: share of the rated power (${[...used].join(', ')}) × time of the batch. Rows without a power have none.`,
            'Do not compare them with measured energies without saying so; the rated power can be told (--rated).',
          ),
    ],
    facts: { energyIs: 'modelled', energyPer: 'batch', title: 'Splitwise' },
  };
}
