import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { RailEnergy } from '#core/meter';
import {
  at,
  energyOf,
  fieldsOf,
  filled,
  hasEnergy,
  looksLike,
  note,
  numberAt,
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

const J_PER_KWH = 3.6e6;

/**
 * The report of optimum-benchmark: `report.{prefill,decode,generate}.{latency,energy}`, energies in kWh of one call by
 * CodeCarbon, latencies in s, with the shapes under `config.scenario` (huggingface/optimum-benchmark,
 * trackers/energy.py, scenarios/inference/scenario.py). A call is a batch; its energy is that of the whole batch.
 */
export const optimumBenchmark = textFormat({
  id: 'optimum-benchmark',
  name: 'optimum-benchmark, report',
  looks: looksLike(
    /^\s*\{/,
    /"(?:prefill|decode|generate)"\s*:\s*\{/,
    /"(?:latency|energy)"\s*:\s*(?:\{|null)/,
  ),
  parse: parseOptimum,
});

function parseOptimum(text: string, name: string, options: ImportOptions): Parsed {
  const document = fieldsOf(readJson(text, name)[0]);
  const report = at(document, 'report') === undefined ? document : fieldsOf(at(document, 'report'));
  const config = fieldsOf(at(document, 'config'));
  const phases = ['prefill', 'decode'].map((phase) => fieldsOf(at(report, phase)));
  const whole = fieldsOf(at(report, 'generate'));
  const scenario = fieldsOf(at(config, 'scenario') ?? at(config, 'benchmark'));
  const shapes = fieldsOf(at(scenario, 'input_shapes'));
  const kwargs = fieldsOf(at(scenario, 'generate_kwargs'));
  const latency = latencyOf(whole) ?? sumOf(phases.map(latencyOf));
  const energyJ = energyIn(whole) ?? addUp(phases.map(energyIn));
  if (latency === undefined && energyJ === undefined) {
    throw refused(
      `${name} is a report of optimum-benchmark without the latency or the energy of generating text.`,
      'Run a text-generation task with latency and energy switched on.',
    );
  }
  const backend = fieldsOf(at(config, 'backend'));
  const machine = fieldsOf(at(config, 'environment'));
  const batch = numberAt(shapes, 'batch_size');
  const observation: Observation = {
    row: 1,
    trials: Math.max(1, Math.round(latency?.count ?? 1)),
    energyJ: energyJ ?? {},
    ...filled({
      m: numberAt(shapes, 'sequence_length'),
      n: numberAt(kwargs, 'max_new_tokens') ?? numberAt(scenario, 'new_tokens'),
      batch,
      gpus: devicesOf(backend),
      runtimeS: latency?.meanS,
      firstTokenS: latencyOf(phases[0]!)?.meanS,
      sdRuntimeS: latency?.sdS,
    }),
  };
  const gpu = firstText(at(machine, 'gpu'));
  return {
    columns: [
      stated('report.prefill.latency.mean', 'first-token-time', 's', [observation.firstTokenS]),
      stated('report.{prefill,decode}.latency.mean', 'runtime', 's', [observation.runtimeS]),
      stated('report.{prefill,decode}.energy.gpu', 'energy', 'kWh', [kwhAt(phases[1]!, 'gpu')], 'gpu'),
      stated('report.{prefill,decode}.energy.cpu', 'energy', 'kWh', [kwhAt(phases[1]!, 'cpu')], 'cpu'),
      stated('report.{prefill,decode}.energy.ram', 'energy', 'kWh', [kwhAt(phases[1]!, 'ram')], 'dram'),
      stated('config.scenario.input_shapes.sequence_length', 'input-tokens', 'token', [observation.m]),
      stated('config.scenario.generate_kwargs.max_new_tokens', 'output-tokens', 'token', [observation.n]),
      stated('config.scenario.input_shapes.batch_size', 'batch', 'count', [batch]),
    ],
    observations: [withStated(observation, options)],
    dropped: [],
    findings: [
      ...(energyJ === undefined
        ? []
        : [
            warning(
              'codecarbon-estimates',
              "The energies come from CodeCarbon, which computes the memory's from its size and may compute the CPU's from a rated power.",
              'Leave the memory out (--boundary gpu+cpu), and check how the CPU was tracked.',
            ),
            note('energy-per-call', 'The energy is taken as that of one call of the model, a whole batch.'),
          ]),
    ],
    facts: {
      energyPer: 'batch',
      energyIs: 'estimated',
      ...filled({
        model: textAt(backend, 'model'),
        engine: textAt(backend, 'name') ?? textAt(backend, 'library'),
        precision: textAt(backend, 'torch_dtype') ?? textAt(backend, 'dtype'),
        hardware: gpu ?? textAt(machine, 'cpu') ?? textAt(machine, 'processor'),
        device: gpu,
        kvCache:
          typeof at(kwargs, 'use_cache') === 'boolean' ? (at(kwargs, 'use_cache') as boolean) : undefined,
      }),
    },
  };
}

interface Latency {
  readonly meanS: number;
  readonly sdS?: number | undefined;
  readonly count: number;
}

/** The mean over calls; the spread there is that of a population, here of a sample. */
function latencyOf(phase: Fields): Latency | undefined {
  const latency = fieldsOf(at(phase, 'latency'));
  const meanS = numberAt(latency, 'mean');
  if (meanS === undefined) return undefined;
  const count = numberAt(latency, 'count') ?? 1;
  const spread = numberAt(latency, 'stdev');
  const sdS = spread !== undefined && count > 1 ? spread * Math.sqrt(count / (count - 1)) : undefined;
  return { meanS, sdS, count };
}

/** Two phases one after the other; their spreads are not known to be independent, so there is none of the sum. */
function sumOf(phases: readonly (Latency | undefined)[]): Latency | undefined {
  const [prefill, decode] = phases;
  if (prefill === undefined || decode === undefined) return undefined;
  return { meanS: prefill.meanS + decode.meanS, count: Math.min(prefill.count, decode.count) };
}

function kwhAt(phase: Fields, part: string): number | undefined {
  return numberAt(fieldsOf(at(phase, 'energy')), part);
}

/** CodeCarbon writes 0 for what it did not measure. */
function energyIn(phase: Fields): RailEnergy | undefined {
  const joules = (part: string): number | undefined => {
    const kwh = kwhAt(phase, part);
    return kwh === undefined || kwh === 0 ? undefined : kwh * J_PER_KWH;
  };
  const energyJ = energyOf({ cpu: joules('cpu'), gpu: joules('gpu'), dram: joules('ram') });
  return hasEnergy(energyJ) ? energyJ : undefined;
}

function addUp(phases: readonly (RailEnergy | undefined)[]): RailEnergy | undefined {
  const [prefill, decode] = phases;
  if (prefill === undefined || decode === undefined) return undefined;
  const both = (rail: 'cpu' | 'gpu' | 'dram'): number | undefined =>
    prefill[rail] === undefined || decode[rail] === undefined ? undefined : prefill[rail] + decode[rail];
  const energyJ = energyOf({ cpu: both('cpu'), gpu: both('gpu'), dram: both('dram') });
  return hasEnergy(energyJ) ? energyJ : undefined;
}

function devicesOf(backend: Fields): number | undefined {
  if (textAt(backend, 'device') !== 'cuda') return undefined;
  const ids = at(backend, 'device_ids');
  return typeof ids === 'string' && ids.trim() !== '' ? ids.split(',').length : 1;
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first.trim() !== '' ? first.trim().slice(0, 200) : undefined;
}
