import { describe, expect, test } from 'vitest';
import type { Observation, Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import { LabError } from '#core/errors';
import { readJobInfo } from '../jobInfo.ts';
import { recogniseFormat } from '../registry.ts';
import { memorySource } from '../source.ts';
import * as files from './fixtures.ts';

async function read(text: string, options: ImportOptions = {}): Promise<Reading> {
  const source = memorySource('file', text);
  return recogniseFormat(source.head)!.read(source, options);
}

const energies = ({ observations }: Reading): (number | undefined)[] =>
  observations.map(({ energyJ }) => energyJ.gpu);
const pick = <K extends keyof Observation>({ observations }: Reading, ...keys: K[]): Partial<Observation>[] =>
  observations.map((row) =>
    Object.fromEntries(keys.filter((key) => row[key] !== undefined).map((key) => [key, row[key]])),
  );

describe('formats of other tools', () => {
  test.each([
    ['zeus', files.ZEUS],
    ['codecarbon', files.CODECARBON],
    ['splitwise', files.SPLITWISE],
    ['mlenergy-leaderboard', files.MLENERGY_LEADERBOARD],
    ['mlenergy-results', files.MLENERGY_RESULTS],
    ['vllm-bench-serve', files.VLLM_BENCH],
    ['llama-bench', files.LLAMA_BENCH],
    ['optimum-benchmark', files.OPTIMUM],
    ['aiperf', files.AIPERF],
    ['joulewise-events', files.JOULEWISE],
  ])('%s is known by its content', async (id, text) => {
    for (const content of [text, text.replaceAll('\n', '\r\n'), `\uFEFF${text}`]) {
      const reading = await read(content);
      expect(reading.format.id).toBe(id);
      expect(reading.observations.length).toBeGreaterThan(0);
    }
  });

  test('Zeus: windows of several GPUs, added up, on a clock with a date', async () => {
    const reading = await read(files.ZEUS, { inputTokens: 64, outputTokens: 32 });
    expect(energies(reading)).toEqual([501, 1000]);
    expect(pick(reading, 'm', 'n', 'runtimeS', 'startS', 'endS', 'gpus', 'phase')[1]).toEqual({
      m: 64,
      n: 32,
      runtimeS: 4,
      startS: 1712061416,
      endS: 1712061420,
      gpus: 2,
      phase: 'query 2',
    });
    expect(reading.clock?.kind).toBe('utc');
    const own = await read(files.ZEUS.replaceAll('1712061', '13585'));
    expect(own.clock?.kind).toBe('own');
    const training = await read(files.ZEUS.replace('query 1', '__GlobalPowerLimitOptimizer_300'));
    expect(training.findings.map(({ kind }) => kind)).toContain('not-queries');
  });

  test('CodeCarbon: kWh to J, and what was not measured is absent', async () => {
    const reading = await read(files.CODECARBON);
    expect(reading.observations.map(({ energyJ }) => energyJ)).toEqual([
      { cpu: expect.closeTo(360, 9), gpu: expect.closeTo(1800, 9), dram: expect.closeTo(36, 9) },
      { cpu: expect.closeTo(720, 9), dram: expect.closeTo(72, 9) },
    ]);
    // The time is when the run ended.
    expect(pick(reading, 'runtimeS', 'endS')[0]).toEqual({
      runtimeS: 10,
      endS: Date.UTC(2024, 4, 31, 10, 39, 13) / 1000,
    });
    expect(reading.facts).toMatchObject({ energyIs: 'estimated', device: 'NVIDIA A100' });
  });

  test('Splitwise: shares of the rated power make an energy with it, told or known by the name', async () => {
    const unknown = await read(files.SPLITWISE.replaceAll('a100-80gb', 'abacus'));
    expect(energies(unknown)).toEqual([undefined, undefined, undefined]);
    expect(unknown.findings.map(({ kind }) => kind)).toContain('normalised-power');
    const reading = await read(files.SPLITWISE);
    // 0.75 × 400 W × 2 GPUs × 7 s, and so on; a power of 0 was not read.
    expect(energies(reading)).toEqual([expect.closeTo(4200, 9), expect.closeTo(3200, 9), undefined]);
    expect(reading.findings.find(({ kind }) => kind === 'modelled')!.message).toContain('A100: 400 W each');
    const told = await read(files.SPLITWISE, { ratedW: 600 });
    expect(energies(told)[0]).toBeCloseTo(0.75 * 600 * 7, 9);
    expect(pick(reading, 'm', 'n', 'runtimeS', 'firstTokenS', 'batch', 'gpus', 'system')[1]).toEqual({
      m: 512,
      n: 128,
      runtimeS: 8,
      firstTokenS: 0.8,
      batch: 4,
      gpus: 2,
      system: 'a100-80gb',
    });
    expect(reading.facts).toMatchObject({ energyIs: 'modelled', energyPer: 'batch' });
  });

  test('ML.ENERGY, leaderboard: energy per request, its time by Little’s law, no input tokens', async () => {
    const reading = await read(files.MLENERGY_LEADERBOARD);
    expect(energies(reading)).toEqual([240, 165]);
    expect(pick(reading, 'm', 'n', 'batch', 'gpus', 'runtimeS', 'trials', 'system', 'model')).toEqual([
      // 8 in flight × 600 tokens ÷ 1200 tokens/s
      { n: 600, batch: 8, gpus: 1, runtimeS: 4, trials: 1024, system: 'H100', model: 'org/Model-8B' },
      { n: 650, batch: 16, gpus: 2, runtimeS: 5.2, trials: 1, system: '2 × B200', model: 'org/Model-8B' },
    ]);
    expect(reading.findings.map(({ kind }) => kind)).toContain('no-input-tokens');
    expect(reading.facts.energyPer).toBe('query');
    const told = await read(files.MLENERGY_LEADERBOARD, { inputTokens: 120 });
    expect(told.observations.map(({ m }) => m)).toEqual([120, 120]);
    expect(told.findings.map(({ kind }) => kind)).not.toContain('no-input-tokens');
  });

  test('ML.ENERGY, results: modelled energies, and failed requests are dropped', async () => {
    const reading = await read(files.MLENERGY_RESULTS);
    // The third has no energy of its own: 0.5 J/token × 60.
    expect(energies(reading)).toEqual([100, 20, 30]);
    expect(pick(reading, 'm', 'n', 'runtimeS', 'batch')[1]).toEqual({ m: 300, n: 40, runtimeS: 5, batch: 2 });
    expect(reading.dropped).toEqual([{ reason: 'the request failed', count: 1 }]);
    expect(reading.facts).toMatchObject({ energyIs: 'modelled', energyPer: 'query', device: 'H100' });
    expect(reading.findings.map(({ kind }) => kind)).toContain('modelled');
  });

  test('vLLM bench serve: a log of requests on the clock of its date', async () => {
    const reading = await read(files.VLLM_BENCH);
    const endS = Date.UTC(2024, 3, 2, 7, 36, 40) / 1000;
    // The last of them ended at 5009 s of the machine's clock.
    expect(pick(reading, 'm', 'n', 'runtimeS', 'firstTokenS', 'startS', 'endS')).toEqual([
      { m: 100, n: 10, runtimeS: 2.5, firstTokenS: 0.5, startS: endS - 9, endS: endS - 6.5 },
      { m: 200, n: 10, runtimeS: 4, firstTokenS: 0.5, startS: endS - 6, endS: endS - 2 },
      { m: 300, n: 10, runtimeS: 1, firstTokenS: 0.5, startS: endS - 1, endS },
    ]);
    expect(reading.observations.every(({ energyJ }) => Object.keys(energyJ).length === 0)).toBe(true);
    expect(reading.clock?.kind).toBe('local');
    const { input_lens, ...sums } = JSON.parse(files.VLLM_BENCH) as Record<string, unknown>;
    expect(input_lens).toBeDefined();
    await expect(read(JSON.stringify(sums))).rejects.toThrow('does not tell its requests one by one');
  });

  test('llama-bench: repetitions that follow one another, and tests of one phase alone', async () => {
    const reading = await read(files.LLAMA_BENCH);
    const startS = Date.UTC(2024, 3, 2, 7, 36, 40) / 1000;
    expect(pick(reading, 'm', 'n', 'runtimeS', 'startS', 'endS')).toEqual([
      { m: 64, n: 32, runtimeS: 2.25, startS: startS + 2.25, endS: startS + 4.5 },
      { m: 64, n: 32, runtimeS: 1.75, startS: startS + 4.5, endS: startS + 6.25 },
      { m: 512, n: 0, runtimeS: 0.5 },
    ]);
    expect(reading.facts).toMatchObject({
      model: 'llama-2-7b.Q4_0',
      precision: 'Q4_0',
      hardware: 'NVIDIA A100',
    });
    expect(reading.findings.map(({ kind }) => kind)).toEqual(['phases-alone', 'approximate-times']);
    const lines = (JSON.parse(files.LLAMA_BENCH) as unknown[]).map((each) => JSON.stringify(each)).join('\n');
    expect(pick(await read(lines), 'm', 'n')).toEqual(pick(reading, 'm', 'n'));
  });

  test('optimum-benchmark: prefill and decode of a batch, kWh to J', async () => {
    const reading = await read(files.OPTIMUM);
    expect(reading.observations).toEqual([
      {
        row: 1,
        trials: 5,
        energyJ: { cpu: expect.closeTo(14.4, 9), gpu: expect.closeTo(180, 9) },
        m: 256,
        n: 64,
        batch: 4,
        gpus: 2,
        runtimeS: 2,
        firstTokenS: 0.25,
      },
    ]);
    expect(reading.facts).toMatchObject({
      energyPer: 'batch',
      model: 'org/Model-8B',
      engine: 'pytorch',
      precision: 'float16',
      kvCache: true,
    });
  });

  test('AIPerf: requests with their times; failed ones are dropped, a cut line is left out', async () => {
    const reading = await read(files.AIPERF);
    expect(pick(reading, 'm', 'n', 'runtimeS', 'firstTokenS', 'startS', 'endS')[1]).toEqual({
      m: 550,
      n: 9,
      runtimeS: 3,
      firstTokenS: 0.25,
      startS: 1712061414,
      endS: 1712061417,
    });
    expect(reading.dropped).toEqual([{ reason: 'the request failed or was cancelled', count: 1 }]);
    expect(reading.clock?.kind).toBe('utc');
    const cut = await read(files.AIPERF.slice(0, files.AIPERF.indexOf('\n') + 100));
    expect(cut.observations).toHaveLength(1);
    expect(cut.findings.map(({ kind }) => kind)).toEqual(['truncated']);
  });

  test('JouleWise: phases make a query', async () => {
    const reading = await read(files.JOULEWISE);
    expect(pick(reading, 'm', 'n', 'runtimeS', 'firstTokenS', 'startS')).toEqual([
      { m: 128, n: 64, runtimeS: 1, firstTokenS: 0.25, startS: 1784491122.25 },
    ]);
  });

  test.each([
    ['Mélange', files.MELANGE, 'no energy, and no time of a query'],
    [
      'Zeus, power limits',
      'dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power\ncifar100,x,1024,adam,100,11.2,86.8\n',
      'trainings, not queries',
    ],
    [
      'CodeCarbon, load',
      'task_name,load_type,cpu_name,timestamp,cores_used,cpu_load,temperature\nLoad,all_cores,CPU,1736851743.3,24,0.0,32\n',
      'no queries',
    ],
    [
      'ML.ENERGY, list',
      '{"architectures":{"llm":["gpqa"]},"models":{"m":{"nickname":"M"}}}',
      'has no energies',
    ],
    [
      'Azure, trace',
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n',
      'a workload',
    ],
  ])('%s is refused with its reason', async (_, text, reason) => {
    await expect(read(text)).rejects.toThrow(reason);
    await expect(read(text)).rejects.toBeInstanceOf(LabError);
  });
});

test('a job description tells model, system and tokens', () => {
  const { facts, findings } = readJobInfo(files.JOB_INFO, 'job_info.yaml');
  expect(facts).toEqual({ model: 'falcon-7b', system: 'argonne-swing' });
  expect(findings[0]!.message).toContain('32 output tokens');
});
