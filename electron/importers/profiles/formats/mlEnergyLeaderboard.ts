import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import {
  at,
  energyOf,
  fieldsOf,
  filled,
  listAt,
  looksLike,
  note,
  numberAt,
  numberOf,
  readJson,
  refused,
  stated,
  textAt,
  textFormat,
  warning,
  withStated,
  type Fields,
  type Parsed,
} from './parsed.ts';

/**
 * The data of the ML.ENERGY leaderboard, version 3: `configurations[].{gpu_model,num_gpus,max_num_seqs,
 * avg_batch_size,avg_output_len,energy_per_request_joules,energy_per_token_joules,output_throughput_tokens_per_sec}`
 * (ml-energy/leaderboard, public/data). A configuration is the mean over a benchmark's requests, many of them at once;
 * the energy is per request already, and the input's length is not told.
 */
export const mlEnergyLeaderboard = textFormat({
  id: 'mlenergy-leaderboard',
  name: 'ML.ENERGY, leaderboard',
  looks: looksLike(
    /^\s*\{/,
    /"configurations"\s*:\s*\[/,
    /"energy_per_(?:request|token|image|video)_joules"|"avg_batch_size"/,
  ),
  parse: parseLeaderboard,
});

function parseLeaderboard(text: string, name: string, options: ImportOptions): Parsed {
  const document = fieldsOf(readJson(text, name)[0]);
  const configurations = (listAt(document, 'configurations') ?? []).map(fieldsOf);
  if (configurations.every((each) => numberAt(each, 'energy_per_request_joules') === undefined)) {
    throw refused(
      `${name} is of the ML.ENERGY leaderboard, but has no energy per request: its task makes no text.`,
      'Choose a task of a language model, such as lm-arena-chat.',
    );
  }
  const observations = configurations.map((each, index) =>
    withStated(observationOf(each, document, index + 1), options),
  );
  const precision = textAt(document, 'weight_precision');
  const task = textAt(document, 'task');
  const examples = (key: string): unknown[] => configurations.slice(0, 3).map((each) => at(each, key));
  return {
    columns: [
      stated(
        'configurations[].energy_per_request_joules',
        'energy',
        'J',
        examples('energy_per_request_joules'),
        'gpu',
      ),
      stated('configurations[].avg_output_len', 'output-tokens', 'token', examples('avg_output_len')),
      stated('configurations[].avg_batch_size', 'batch', 'count', examples('avg_batch_size')),
      stated('configurations[].num_gpus', 'gpus', 'count', examples('num_gpus')),
      stated('configurations[].gpu_model', 'system', 'text', examples('gpu_model')),
      stated(
        'configurations[].output_throughput_tokens_per_sec',
        'runtime',
        null,
        examples('output_throughput_tokens_per_sec'),
      ),
    ],
    observations,
    dropped: [],
    findings: [
      note(
        'mean-runtime',
        'The time of a request is computed: mean requests in flight × output tokens ÷ tokens a second (Little’s law). The source has no times of requests.',
      ),
      ...(options.inputTokens === undefined
        ? [
            warning(
              'no-input-tokens',
              `ML.ENERGY does not tell how long the inputs of ${task ?? 'the task'} are.`,
              'Say how many input tokens a request had in the mean (--input-tokens N).',
            ),
          ]
        : []),
    ],
    facts: {
      title: `The ML.ENERGY leaderboard${task === undefined ? '' : `, ${task}`}`,
      engine: 'vLLM',
      kvCache: true,
      energyIs: 'measured',
      energyPer: 'query',
      ...(precision === undefined ? {} : { precision }),
    },
  };
}

function observationOf(each: Fields, document: Fields, row: number): Observation {
  const n = numberAt(each, 'avg_output_len');
  const batch = numberAt(each, 'avg_batch_size');
  const perS = numberAt(each, 'output_throughput_tokens_per_sec');
  const gpus = numberAt(each, 'num_gpus');
  const gpu = textAt(each, 'gpu_model');
  const counts = listAt(fieldsOf(at(each, 'output_length_distribution')), 'counts') ?? [];
  const requests = counts.reduce<number>((sum, count) => sum + Math.max(0, numberOf(count) ?? 0), 0);
  const together = gpus !== undefined && gpus > 1 ? `${gpus} × ${gpu}` : gpu;
  return {
    row,
    trials: Number.isSafeInteger(Math.round(requests)) ? Math.max(1, Math.round(requests)) : 1,
    energyJ: energyOf({ gpu: numberAt(each, 'energy_per_request_joules') }),
    ...filled({
      n,
      batch,
      gpus,
      runtimeS:
        n !== undefined && batch !== undefined && perS !== undefined && perS > 0
          ? (batch * n) / perS
          : undefined,
      model: textAt(each, 'model_id') ?? textAt(document, 'model_id'),
      system: gpu === undefined ? undefined : together,
    }),
  };
}
