import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import {
  at,
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

const NS = 1e9;
/** `test_time` has whole seconds, and how long the warm-up took is a guess. */
const START_SLACK_S = 3;

/**
 * `llama-bench -o json` (or jsonl): tests of `n_prompt` input and `n_gen` output tokens with `samples_ns` of each
 * repetition and `test_time` (ggml-org/llama.cpp, tools/llama-bench). It has no energy; with a power log beside it,
 * its repetitions are requests that follow one another. Tests of prompts or of generation alone are no queries.
 */
export const llamaBench = textFormat({
  id: 'llama-bench',
  name: 'llama-bench, JSON',
  looks: looksLike(/^\s*[[{]/, /"n_prompt"\s*:/, /"n_gen"\s*:/, /"(?:avg_ns|samples_ns|avg_ts)"\s*:/),
  parse: parseLlamaBench,
});

function parseLlamaBench(text: string, name: string, options: ImportOptions): Parsed {
  const tests = readJson(text, name)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .map(fieldsOf)
    .filter((test) => numberAt(test, 'n_prompt') !== undefined && numberAt(test, 'n_gen') !== undefined);
  const [first] = tests;
  if (first === undefined) {
    throw refused(`${name} has no test of llama-bench.`, 'Run llama-bench with -o json.');
  }
  const observations: Observation[] = [];
  for (const test of tests) {
    for (const each of repetitionsOf(test, observations.length)) observations.push(withStated(each, options));
  }
  const alone = tests.filter(
    (test) => numberAt(test, 'n_prompt') === 0 || numberAt(test, 'n_gen') === 0,
  ).length;
  const deep = tests.filter((test) => (numberAt(test, 'n_depth') ?? 0) > 0).length;
  const examples = (key: string): unknown[] => tests.slice(0, 3).map((test) => at(test, key));
  return {
    columns: [
      stated('n_prompt', 'input-tokens', 'token', examples('n_prompt')),
      stated('n_gen', 'output-tokens', 'token', examples('n_gen')),
      stated('samples_ns[]', 'runtime', 'ns', listAt(first, 'samples_ns')?.slice(0, 3) ?? []),
      stated('test_time', 'start-time', 'time', examples('test_time')),
    ],
    observations,
    dropped: [],
    findings: [
      ...(alone > 0
        ? [
            warning(
              'phases-alone',
              `${alone} of ${tests.length} tests are of a prompt or of generation alone, which is no query.`,
              'Run llama-bench with -pg PROMPT,GEN, which does both in one go.',
            ),
          ]
        : []),
      ...(deep > 0
        ? [
            warning(
              'filled-context',
              `${deep} of ${tests.length} tests begin with a context that is full already (-d), which their tokens do not count.`,
              'Leave out -d, or take its tokens into account.',
            ),
          ]
        : []),
      note(
        'approximate-times',
        'llama-bench tells in whole seconds when a test began, not when each repetition did: they are taken to follow one another after one warm-up.',
      ),
    ],
    facts: {
      engine: 'llama.cpp',
      kvCache: true,
      ...filled({
        model: modelOf(first),
        hardware: textAt(first, 'gpu_info') ?? textAt(first, 'cpu_info'),
        precision: /\b(I?Q\d\w*|TQ\d\w*|B?F16|F32)\b/.exec(textAt(first, 'model_type') ?? '')?.[1],
      }),
    },
    clock: { kind: 'utc', slackS: START_SLACK_S },
  };
}

function modelOf(test: Fields): string | undefined {
  const file = textAt(test, 'model_filename')
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/\.gguf$/i, '');
  return file === undefined || file === '' ? textAt(test, 'model_type') : file;
}

function* repetitionsOf(test: Fields, before: number): Generator<Observation> {
  const [m, n] = [numberAt(test, 'n_prompt'), numberAt(test, 'n_gen')];
  const samples = (listAt(test, 'samples_ns') ?? []).map(numberOf).filter((each) => each !== undefined);
  if (samples.length === 0) {
    const mean = numberAt(test, 'avg_ns');
    const spread = numberAt(test, 'stddev_ns');
    yield {
      row: before + 1,
      trials: 1,
      energyJ: {},
      ...filled({
        m,
        n,
        runtimeS: mean === undefined ? undefined : mean / NS,
        sdRuntimeS: spread === undefined ? undefined : spread / NS,
      }),
    };
    return;
  }
  const began = Date.parse(textAt(test, 'test_time') ?? '') / 1000;
  // The warm-up runs the prompt once, or one token.
  const warmUpS = (samples[0]! / NS) * (n !== undefined && n > 0 && m === 0 ? 1 / n : 1);
  let startS = began + warmUpS;
  for (const [i, sample] of samples.entries()) {
    const runtimeS = sample / NS;
    yield {
      row: before + i + 1,
      trials: 1,
      energyJ: {},
      iteration: i,
      ...filled({ m, n, runtimeS, startS, endS: startS + runtimeS }),
    };
    startS += runtimeS;
  }
}
