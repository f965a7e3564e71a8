import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import {
  at,
  drops,
  energyOf,
  fieldsOf,
  filled,
  listAt,
  looksLike,
  meanInFlight,
  numberAt,
  readJson,
  refused,
  stated,
  textAt,
  textFormat,
  warning,
  withStated,
  type Parsed,
} from './parsed.ts';

/**
 * `results.json` of the ML.ENERGY benchmark: `steady_state_energy_per_token` and `results[].{input_len,output_len,
 * latency,ttft,energy,success|error}` (ml-energy/benchmark, mlenergy/llm/benchmark.py). The energy of a request there
 * is J/token of the steady state × its output tokens: modelled, not measured per request.
 */
export const mlEnergyResults = textFormat({
  id: 'mlenergy-results',
  name: 'ML.ENERGY, results of the benchmark',
  looks: looksLike(/^\s*\{/, /"steady_state_energy(?:_per_token)?"\s*:/),
  parse: parseResults,
});

function parseResults(text: string, name: string, options: ImportOptions): Parsed {
  const document = fieldsOf(readJson(text, name)[0]);
  const results = listAt(document, 'results')?.map(fieldsOf) ?? [];
  if (results.length === 0) {
    throw refused(
      `${name} is a result of the ML.ENERGY benchmark without its single requests.`,
      'Bring the results.json that has them under "results".',
    );
  }
  const perToken = numberAt(document, 'steady_state_energy_per_token');
  const gpus = numberAt(document, 'num_gpus');
  const gpu = textAt(document, 'gpu_model');
  const dropped = drops();
  const runtimes: number[] = [];
  const observations: Observation[] = [];
  results.forEach((each, index) => {
    const error = textAt(each, 'error');
    if (at(each, 'success') === false || error !== undefined) {
      dropped.add('the request failed');
      return;
    }
    const n = numberAt(each, 'output_len');
    const runtimeS = numberAt(each, 'latency');
    if (runtimeS !== undefined) runtimes.push(runtimeS);
    const modelledJ = perToken === undefined || n === undefined ? undefined : perToken * n;
    observations.push(
      withStated(
        {
          row: index + 1,
          trials: 1,
          energyJ: energyOf({ gpu: numberAt(each, 'energy') ?? modelledJ }),
          ...filled({
            m: numberAt(each, 'input_len'),
            n,
            runtimeS,
            firstTokenS: numberAt(each, 'ttft'),
            gpus,
          }),
        },
        options,
      ),
    );
  });
  const batch = meanInFlight(runtimes, numberAt(document, 'duration')) ?? numberAt(document, 'max_num_seqs');
  const examples = (key: string): unknown[] => results.slice(0, 3).map((each) => at(each, key));
  return {
    columns: [
      stated('results[].input_len', 'input-tokens', 'token', examples('input_len')),
      stated('results[].output_len', 'output-tokens', 'token', examples('output_len')),
      stated('results[].latency', 'runtime', 's', examples('latency')),
      stated('results[].ttft', 'first-token-time', 's', examples('ttft')),
      stated('results[].energy', 'energy', 'J', examples('energy'), 'gpu'),
      stated('steady_state_energy_per_token', 'ignore', 'J/token', [perToken]),
    ],
    observations: observations.map((each) => (batch === undefined ? each : { ...each, batch })),
    dropped: dropped.list(),
    findings: [
      warning(
        'modelled',
        'The energy of a request is computed from the mean J/token of the benchmark × its output tokens, not measured: it takes no account of its input.',
        'Do not read an effect of the input tokens from it.',
      ),
    ],
    facts: {
      title: 'The ML.ENERGY benchmark',
      engine: 'vLLM',
      kvCache: true,
      energyIs: 'modelled',
      energyPer: 'query',
      ...filled({
        model: textAt(document, 'model_id'),
        system: gpu === undefined || gpus === undefined || gpus < 2 ? gpu : `${gpus} × ${gpu}`,
        device: gpu,
        gpus,
      }),
    },
  };
}
