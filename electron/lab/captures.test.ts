/**
 * What must come of each of the captured files. They are beside the repository, not in it: the fixtures of the formats'
 * own tests cover the same forms without them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LabError } from '#core/errors';
import type { Diagnosis } from '#core/import/diagnosis';
import type { ImportOptions } from '#core/import/options';
import { totalOf, type RailEnergy } from '#core/meter';
import { readSources, type SourcesRead } from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { openSource } from '../importers/profiles/source.ts';
import { openLab } from '../lab.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { openPowerLog } from './powerLogs.ts';

const folder = '../shared/data/captures';

/** What becomes of a file by itself. */
type Outcome =
  /**
   * queries: format, rows, energy of one of its rows (from 1), J, the kinds of the reader's findings; and what the
   * doctor makes of them: so many cells, or errors of these kinds
   */
  | {
      is: 'queries';
      format: string;
      rows: number;
      row: number;
      energyJ: RailEnergy;
      findings?: string[];
      cells: number | readonly string[];
    }
  /** a power log with energy: samples and energy by rail, J; refused by itself, as it has no queries */
  | { is: 'power'; format: string; samples: number; energyJ: RailEnergy }
  /** a power log with named events, which are measurements without tokens: number of events */
  | { is: 'events'; events: number; samples: number }
  /** refused, with this in the message */
  | { is: 'refused'; kind: 'bad-profile' | 'bad-trace'; reason: string };

const noQueries = 'holds no queries';
const oneReading = 'one reading alone';
const job: Outcome = {
  is: 'refused',
  kind: 'bad-profile',
  reason: 'describes a job, and has no measurements',
};
const load: Outcome = {
  is: 'refused',
  kind: 'bad-profile',
  reason: 'for calibrating CodeCarbon: no queries',
};

const outcomes: Readonly<Record<string, Outcome>> = {
  'amduprof/amduprof_2024-03-28_11-15-48_head.csv': {
    is: 'power',
    format: 'amduprof-timechart',
    samples: 115,
    energyJ: { package: 4179.3 },
  },
  'codecarbon/AMD_EPYC_8024P_8C_compare_cpu_load_and_RAPL-all_cores-AMD_EPYC_8024P_8-Core_Processor-2025-01-14.csv':
    load,
  'codecarbon/E5-2620_compare_cpu_load_and_RAPL-all_cores-Intel_R__Xeon_R__CPU_E5-2620_v3___2.40GHz-2025-01-14.csv':
    load,
  'codecarbon/emissions_examples_m1_2.4.3rc1.csv': {
    is: 'queries',
    format: 'codecarbon',
    rows: 28,
    row: 1,
    // 4.0479e-4 kWh in all.
    energyJ: { cpu: 483.18, gpu: 296.529, dram: 677.532 },
    findings: ['codecarbon-estimates', 'whole-machine'],
    cells: ['no-tokens', 'no-model'],
  },
  'codecarbon/intel_power_gadget.csv': {
    is: 'power',
    format: 'intel-power-gadget',
    samples: 12,
    energyJ: { package: 3.141, dram: 1.426 },
  },
  'dcgm-text/datadog_t4_power_subset.prom': { is: 'refused', kind: 'bad-trace', reason: oneReading },
  'joulewise/d078_r01_events_phases-only.jsonl': {
    is: 'queries',
    format: 'joulewise-events',
    rows: 1,
    row: 1,
    energyJ: {},
    cells: ['no-energy', 'no-system', 'no-model'],
  },
  'joulewise/d078_r01_power_trace.csv': {
    is: 'power',
    format: 'power-trace-csv',
    samples: 9,
    energyJ: { cpu: 1.5710005, gpu: 6.6819962, ane: 0 },
  },
  'macmon-json/beszel1796_macmon_0.6_16GB.jsonl': { is: 'refused', kind: 'bad-trace', reason: oneReading },
  'macmon-json/macmon_v0.8_prometheus_m3pro.prom': { is: 'refused', kind: 'bad-trace', reason: oneReading },
  'mactop-json/mactop_headless_m1ultra.json': { is: 'refused', kind: 'bad-trace', reason: oneReading },
  'mlenergy-json/Qwen3-14B_gpqa.json': {
    is: 'queries',
    format: 'mlenergy-leaderboard',
    rows: 9,
    row: 1,
    energyJ: { gpu: 9599.698100812033 },
    findings: ['mean-runtime', 'no-input-tokens'],
    cells: ['mixed-systems', 'no-tokens', 'no-system'],
  },
  'mlenergy-json/Qwen3-8B_lm-arena-chat.json': {
    is: 'queries',
    format: 'mlenergy-leaderboard',
    rows: 19,
    row: 1,
    energyJ: { gpu: 274.88167193717175 },
    findings: ['mean-runtime', 'no-input-tokens'],
    cells: ['mixed-systems', 'no-tokens', 'no-system'],
  },
  'mlenergy-json/index.json': { is: 'refused', kind: 'bad-profile', reason: 'list of models and tasks' },
  'nvidia-smi-csv/paper_llama13b_a100_2024-04-18.csv': {
    is: 'power',
    format: 'nvidia-smi-csv',
    samples: 2710,
    energyJ: { gpu: 71_341.498 },
  },
  'nvidia-smi-csv/paper_v100_falcon_2024-04-03_11-08-14_head.csv': {
    is: 'power',
    format: 'nvidia-smi-csv',
    samples: 8484,
    energyJ: { gpu: 210_581.114 },
  },
  'paper-raw/a100_job_info_2024-04-02_07-36-20.yaml': job,
  'paper-raw/a100_job_info_llama70b_2024-04-05.yaml': job,
  'paper-raw/amduprof_2024-04-02_07-36-21_head.csv': {
    is: 'power',
    format: 'amduprof-timechart',
    samples: 319,
    energyJ: { package: 8348.23 },
  },
  'paper-raw/m1pro_job_info_2024-03-28_23-32-21.yaml': job,
  'paper-raw/m1pro_job_info_2024-05-13_01-42-30.yaml': job,
  'paper-raw/m1pro_job_info_2024-05-13_09-13-56.yaml': job,
  'paper-raw/m1pro_power_2024-03-28_23-32-21_undersampled.csv': { is: 'events', events: 2, samples: 3338 },
  'paper-raw/m1pro_power_2024-05-13_01-42-30.csv': { is: 'events', events: 12, samples: 5735 },
  'paper-raw/m1pro_power_old_with_header_r244.csv': { is: 'events', events: 3, samples: 1371 },
  'paper-raw/m1pro_summary_independence.csv': {
    is: 'queries',
    format: 'paper-table',
    rows: 93,
    row: 2,
    energyJ: { cpu: 12.583239552069532, gpu: 15.43971942 },
    cells: 67,
  },
  'paper-raw/m1pro_summary_input-test.csv': {
    is: 'queries',
    format: 'paper-table',
    rows: 102,
    row: 2,
    energyJ: { cpu: 102.92756525100071, gpu: 235.31420037999993 },
    cells: 9,
  },
  'paper-raw/nvidia-smi_a100_2024-04-02_07-36-20_truncated-last-line.csv': {
    is: 'power',
    format: 'nvidia-smi-csv',
    samples: 2368,
    energyJ: { gpu: 56_656.94 },
  },
  'paper-raw/nvidia-smi_a100_2rows_2024-03-29_13-03-12.csv': {
    is: 'power',
    format: 'nvidia-smi-csv',
    samples: 2,
    energyJ: { gpu: 11.303834 },
  },
  'paper-raw/nvidia-smi_v100_2024-03-31_16-48-55.csv': {
    is: 'power',
    format: 'nvidia-smi-csv',
    samples: 533,
    energyJ: { gpu: 3106.0605 },
  },
  'paper-raw/nvidia-smi_v100_job_info.yaml': job,
  'paper-raw/r244_pyjoules_semicolon.csv': {
    is: 'queries',
    format: 'pyjoules',
    rows: 84,
    row: 1,
    energyJ: { gpu: 48.561 },
    cells: ['no-tokens', 'no-system', 'no-model'],
  },
  'paper-raw/summary_falcon_argonne-swing-1_input.csv': {
    is: 'queries',
    format: 'paper-table',
    rows: 65,
    row: 3,
    energyJ: { cpu: 9.054740502543895, gpu: 261.955 },
    cells: 9,
  },
  'powermetrics-plist/matiasinsaurralde_m4pro_15.5_gpu_power_multi.plist': {
    is: 'power',
    format: 'powermetrics-plist',
    samples: 5,
    energyJ: { gpu: 1.186 },
  },
  'powermetrics-plist/matiasinsaurralde_m4pro_15.5_gpu_power_single.plist': {
    is: 'power',
    format: 'powermetrics-plist',
    samples: 1,
    energyJ: { gpu: 0.009 },
  },
  'powermetrics-text/power-server_monterey-m2.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 2,
    // Its first sample has tasks and no power, so no rail is known of the whole time.
    energyJ: {},
  },
  'powermetrics-text/power-server_sonoma-intel.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 1,
    energyJ: { package: 8.55 },
  },
  'powermetrics-text/power-server_sonoma-m1max.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 1,
    energyJ: { cpu: 0.2135, gpu: 0.1488, ane: 0 },
  },
  'powermetrics-text/powermetrics_help_macos11.txt': {
    is: 'refused',
    kind: 'bad-profile',
    reason: 'help text of powermetrics',
  },
  'powermetrics-text/singhkays_m1mini_11.2.2_Cinebench-R23.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 99,
    energyJ: { cpu: 260.05767, gpu: 0.38840983, ane: 0, dram: 9.6344572 },
  },
  'powermetrics-text/singhkays_m1mini_11.2.2_GB5-Compute-Metal.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 99,
    energyJ: { cpu: 23.229188, gpu: 162.74193, ane: 0, dram: 12.292903 },
  },
  'powermetrics-text/singhkays_m1mini_11.2.2_Safari-HW-YT-4K.txt': {
    is: 'power',
    format: 'powermetrics-text',
    samples: 99,
    energyJ: { cpu: 7.3198097, gpu: 0.2381455, ane: 0, dram: 5.957261 },
  },
  'rapl/procfs_powercap_intel-rapl.ttar': { is: 'refused', kind: 'bad-trace', reason: oneReading },
  'zeus-csv/zeus_A40_resnet50_gpu0.csv': {
    is: 'queries',
    format: 'zeus',
    rows: 9,
    row: 1,
    energyJ: { gpu: 6224.88599999249 },
    findings: ['not-queries'],
    cells: ['no-tokens', 'no-system', 'no-model'],
  },
  'zeus-csv/zeus_summary_power_v100.csv': {
    is: 'refused',
    kind: 'bad-profile',
    reason: 'trainings, not queries',
  },
};

const watch = { signal: new AbortController().signal, progress: () => {} };
async function read(names: readonly string[], options: ImportOptions = {}): Promise<SourcesRead> {
  const sources = await Promise.all(names.map((name) => openSource(path.join(folder, name), watch)));
  return readSources(sources, options, { formats: IMPORT_FORMATS, openPowerLog });
}
async function check(names: readonly string[], options: ImportOptions = {}): Promise<Diagnosis> {
  const lab = openLab({ dataFolder: temporaryFolder(), program: 'command line', version: '0.0.0' });
  onTestFinished(() => lab.close());
  return lab.imports.check(
    names.map((name) => path.join(folder, name)),
    options,
  );
}
const failureOf = (work: Promise<unknown>): Promise<LabError> =>
  work.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (thrown: unknown) => (thrown instanceof LabError ? thrown : Promise.reject(thrown)),
  );
/** To what the sums of other programs over the same files come, which are given to a few digits. */
function expectEnergy(found: RailEnergy, expected: RailEnergy): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [rail, energy] of Object.entries(found)) {
    const wanted = expected[rail as keyof RailEnergy]!;
    expect(Math.abs(energy - wanted)).toBeLessThanOrEqual(5e-4 * wanted);
  }
}
const filesIn = (place: string): string[] =>
  readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => name !== 'INDEX.md');

describe.skipIf(!existsSync(folder))('captures', () => {
  test('are all in the table', () => {
    expect(filesIn(folder).sort()).toEqual(Object.keys(outcomes).sort());
  });

  test.each(Object.entries(outcomes))('%s', async (name, outcome) => {
    switch (outcome.is) {
      case 'queries': {
        const { readings } = await read([name]);
        const [reading] = readings;
        expect(reading!.format.id).toBe(outcome.format);
        expect(reading!.observations).toHaveLength(outcome.rows);
        expectEnergy(reading!.observations[outcome.row - 1]!.energyJ, outcome.energyJ);
        expect(reading!.findings.map(({ kind }) => kind)).toEqual(outcome.findings ?? []);
        const { cells, profile, findings: found } = await check([name]);
        const errors = found.filter(({ level }) => level === 'error').map(({ kind }) => kind);
        expect(errors.length > 0 ? errors : cells.length).toEqual(outcome.cells);
        expect(profile === null).toBe(errors.length > 0);
        break;
      }
      case 'power': {
        const log = await openPowerLog(await openSource(path.join(folder, name), watch));
        expect({ format: log!.format.id, samples: log!.report.samples }).toEqual({
          format: outcome.format,
          samples: outcome.samples,
        });
        const [whole] = await log!.integrate([log!.span], watch.signal);
        expectEnergy(whole!.energyJ, outcome.energyJ);
        expect((await failureOf(read([name]))).message).toContain(noQueries);
        break;
      }
      case 'events': {
        const { readings, logs } = await read([name]);
        expect(readings[0]!.observations).toHaveLength(outcome.events);
        expect(logs[0]!.report.samples).toBe(outcome.samples);
        break;
      }
      case 'refused': {
        const error = await failureOf(read([name]));
        expect(error.kind).toBe(outcome.kind);
        expect(error.message).toContain(outcome.reason);
      }
    }
  });
});

describe.skipIf(!existsSync(folder))('captures that belong together', () => {
  const raw = (name: string): string => `paper-raw/${name}`;

  test('an M1 Pro log with its summary: the authors’ energies of all 12 events', async () => {
    const { readings } = await read([
      raw('m1pro_power_2024-05-13_01-42-30.csv'),
      raw('m1pro_summary_independence.csv'),
      raw('m1pro_job_info_2024-05-13_01-42-30.yaml'),
    ]);
    const published = [
      ...readFileSync(path.join(folder, raw('m1pro_summary_independence.csv')), 'utf8').matchAll(
        /^(load model|inference-[A-Z]-\d+),([\d.]+),([\d.e+-]+),([\d.e+-]+),/gm,
      ),
    ].slice(0, 12);
    const joined = readings[0]!.observations.filter(({ coverage }) => coverage !== undefined);
    expect(joined.map(({ phase }) => phase)).toEqual(published.map(([, phase]) => phase));
    joined.forEach(({ energyJ, runtimeS }, i) => {
      const [, , runtime, cpu, gpu] = published[i]!.map(Number);
      expect(Math.abs(energyJ.gpu! - gpu!)).toBeLessThan(1e-4);
      expect(Math.abs(energyJ.cpu! / cpu! - 1)).toBeLessThan(1e-6);
      expect(runtimeS).toBe(runtime);
    });
  });

  test('the undersampled log covers 42% of its query', async () => {
    const { readings } = await read([
      raw('m1pro_power_2024-03-28_23-32-21_undersampled.csv'),
      raw('m1pro_summary_input-test.csv'),
    ]);
    const poor = readings[0]!.observations.find(
      ({ phase, coverage = 1 }) => phase === 'inference-I-0' && coverage < 0.5,
    );
    expect(poor!.coverage).toBeCloseTo(718.76 / 1692.465, 4);
    expect(poor!.energyJ.gpu).toBeCloseTo(10331.3037, 4);
  });

  test('an A100’s log and its table are 5 h apart, and agree', async () => {
    const files = [
      raw('summary_falcon_argonne-swing-1_input.csv'),
      raw('nvidia-smi_a100_2024-04-02_07-36-20_truncated-last-line.csv'),
    ];
    const { clock, findings, readings } = await read(files);
    expect(clock).toMatchObject({ shiftS: 18_000, how: 'estimated' });
    expect(findings.map(({ kind }) => kind)).toEqual(['cut-line', 'clock-zone', 'power-log-agrees']);

    // Without the table's own energies, the log alone gives them, query by query.
    const ignored = { role: 'ignore' } as const;
    const byLog = await read(files, { columns: { 'GPU Energy (mJ)': ignored, 'CPU Energy (J)': ignored } });
    const deviations = byLog.readings[0]!.observations.flatMap(({ energyJ, coverage = 0, phase = '' }, i) =>
      coverage >= 0.95 && phase.includes('inference')
        ? [energyJ.gpu! / readings[0]!.observations[i]!.energyJ.gpu! - 1]
        : [],
    );
    expect(deviations).toHaveLength(63);
    const sum = (rows: SourcesRead): number =>
      rows.readings[0]!.observations.reduce((total, { energyJ }) => total + (energyJ.gpu ?? 0), 0);
    expect(sum(byLog) / sum(await read([files[0]!]))).toBeCloseTo(1, 2);
    deviations.sort((a, b) => a - b);
    expect(Math.abs(deviations[31]!)).toBeLessThan(0.005);
  });

  test('a log whose clock is 0.4 s late gives its query about 8 J, not 0.27 J', async () => {
    const files = ['joulewise/d078_r01_events_phases-only.jsonl', 'joulewise/d078_r01_power_trace.csv'];
    const late = await read(files, { clockShiftS: 0 });
    expect(totalOf(late.readings[0]!.observations[0]!.energyJ)).toBeCloseTo(0.274, 3);
    const found = await read(files);
    expect(found.clock!.shiftS).toBeCloseTo(0.44, 1);
    expect(totalOf(found.readings[0]!.observations[0]!.energyJ)).toBeGreaterThan(7);
    expect(totalOf(found.readings[0]!.observations[0]!.energyJ)).toBeLessThan(8.5);
    expect(found.findings.map(({ kind }) => kind)).toEqual(['clock-shift']);
  });

  test('with the tokens and the system said, a batched benchmark has its cells', async () => {
    const { cells, findings } = await check(['mlenergy-json/Qwen3-14B_gpqa.json'], {
      onlySystem: 'B200',
      inputTokens: 200,
    });
    expect(cells.map(({ m, n }) => [m, n])).toHaveLength(5);
    const long = cells.find(({ n }) => n === 7026)!;
    expect(long.energyJ.gpu).toBeCloseTo(9599.698, 3);
    // One of eight queries at once: the power is judged by what they take together.
    expect(findings.map(({ kind }) => kind)).not.toContain('below-idle');
  });

  test('all files of an import are kept with it', async () => {
    const { files, clock, profile } = await check([
      raw('nvidia-smi_a100_2024-04-02_07-36-20_truncated-last-line.csv'),
      raw('a100_job_info_2024-04-02_07-36-20.yaml'),
      raw('summary_falcon_argonne-swing-1_input.csv'),
    ]);
    expect(files.map(({ format, rows }) => [format.id, rows])).toEqual([
      ['paper-table', 65],
      ['job-info', 1],
      ['nvidia-smi-csv', 2368],
    ]);
    expect(clock).toMatchObject({ shiftS: 18_000 });
    expect(profile!.cells).toHaveLength(9);
  });
});
