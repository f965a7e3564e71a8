import type { Observation, SourceClock } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import {
  at,
  drops,
  fieldsOf,
  filled,
  listAt,
  looksLike,
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

/** The date is written when the answers have been counted, which takes some time. */
const DATE_SLACK_S = 120;

/**
 * The result of `vllm bench serve --save-result --save-detailed` (and of SGLang's bench_serving): lists with an entry
 * a request, `input_lens, output_lens, ttfts, itls`, of later versions `latencies, start_times, errors`
 * (vllm-project/vllm, vllm/benchmarks/serve.py). It has no energy: it is a log of requests, to be put beside a power
 * log. `start_times` count from the machine's start; `date` is local time at the end.
 */
export const vllmBench = textFormat({
  id: 'vllm-bench-serve',
  name: 'vLLM, bench serve',
  looks: looksLike(
    /^\s*\{/,
    /"request_throughput"\s*:/,
    /"(?:total_input_tokens|total_output_tokens)"\s*:/,
    /"(?:input_lens|tokenizer_id|mean_ttft_ms|completed)"\s*:/,
  ),
  parse: parseVllmBench,
});

function parseVllmBench(text: string, name: string, options: ImportOptions): Parsed {
  const runs = readJson(text, name).map(fieldsOf);
  const detailed = runs.filter(
    (run) => listAt(run, 'input_lens') !== undefined && listAt(run, 'output_lens') !== undefined,
  );
  if (detailed.length === 0) {
    throw refused(
      `${name} has the sums of a benchmark of vLLM alone: it does not tell its requests one by one.`,
      'Run vllm bench serve with --save-result --save-detailed, with a power log beside it.',
    );
  }
  const dropped = drops();
  const observations: Observation[] = [];
  for (const run of detailed) {
    for (const each of requestsOf(run, observations.length, () => dropped.add('the request failed'))) {
      observations.push(withStated(each, options));
    }
  }
  const placed = observations.some(({ startS }) => startS !== undefined);
  const first = detailed[0]!;
  const examples = (key: string): readonly unknown[] => listAt(first, key)?.slice(0, 3) ?? [];
  return {
    columns: [
      stated('input_lens[]', 'input-tokens', 'token', examples('input_lens')),
      stated('output_lens[]', 'output-tokens', 'token', examples('output_lens')),
      stated('ttfts[]', 'first-token-time', 's', examples('ttfts')),
      stated('latencies[]', 'runtime', 's', examples('latencies')),
      stated('start_times[]', 'start-time', 's', examples('start_times')),
    ],
    observations,
    dropped: dropped.list(),
    findings: placed
      ? []
      : [
          warning(
            'no-times',
            'This version of vLLM did not keep when each request began, so no power log can be put beside it.',
            'Use a version that writes start_times.',
          ),
        ],
    facts: {
      engine: 'vLLM',
      kvCache: true,
      ...filled({ model: textAt(first, 'model_id') }),
    },
    clock: clockOf(detailed),
  };
}

function clockOf(runs: readonly Fields[]): SourceClock {
  return runs.every((run) => endedAt(run) !== undefined)
    ? { kind: 'local', slackS: DATE_SLACK_S }
    : { kind: 'own', slackS: 0 };
}

function* requestsOf(run: Fields, before: number, failed: () => void): Generator<Observation> {
  const list = (key: string): readonly unknown[] => listAt(run, key) ?? [];
  const [inputs, outputs, firsts, gaps] = [
    list('input_lens'),
    list('output_lens'),
    list('ttfts'),
    list('itls'),
  ];
  const [latencies, starts, errors] = [list('latencies'), list('start_times'), list('errors')];
  const times = inputs.map((_, i) => {
    const firstS = numberOf(firsts[i]);
    const runtimeS = numberOf(latencies[i]) ?? sumOf(firstS, gaps[i]);
    return { firstS, runtimeS, startS: numberOf(starts[i]) };
  });
  const lastS = times.reduce(
    (last, { startS, runtimeS }) =>
      startS === undefined || runtimeS === undefined ? last : Math.max(last, startS + runtimeS),
    -Infinity,
  );
  const ended = endedAt(run);
  // On the clock of the date, where there is one: the last request ended when it was written.
  const offsetS = ended === undefined || !Number.isFinite(lastS) ? 0 : ended - lastS;
  for (const [i, { firstS, runtimeS, startS }] of times.entries()) {
    if (typeof errors[i] === 'string' && errors[i] !== '') {
      failed();
      continue;
    }
    yield {
      row: before + i + 1,
      trials: 1,
      energyJ: {},
      ...filled({
        m: numberOf(inputs[i]),
        n: numberOf(outputs[i]),
        runtimeS,
        firstTokenS: firstS,
        startS: startS === undefined ? undefined : startS + offsetS,
        endS: startS === undefined || runtimeS === undefined ? undefined : startS + offsetS + runtimeS,
      }),
    };
  }
}

function sumOf(firstS: number | undefined, gaps: unknown): number | undefined {
  if (firstS === undefined || !Array.isArray(gaps)) return undefined;
  return (gaps as unknown[]).reduce<number>((sum, gap) => sum + (numberOf(gap) ?? NaN), firstS);
}

/** "20240402-073621", as s since 1970 as if it were UTC. */
function endedAt(run: Fields): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(String(at(run, 'date')));
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000;
}
