/** What the captured power logs must yield, by their index. They are beside the repository, not in it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Rail } from '#core/profile';
import { inspectTrace } from './traceFile.ts';

const folder = '../shared/data/captures';

/** File, form, samples, mean power by rail (W), and the duration where the index tells it (s). */
type Row = [string, string, number, Partial<Record<Rail, number>>, number?];
const rows: Row[] = [
  [
    'powermetrics-plist/matiasinsaurralde_m4pro_15.5_gpu_power_multi.plist',
    'powermetrics-plist',
    5,
    { gpu: 0.04734 },
    25.0527,
  ],
  [
    'powermetrics-plist/matiasinsaurralde_m4pro_15.5_gpu_power_single.plist',
    'powermetrics-plist',
    1,
    { gpu: 0.001798 },
    5.00545,
  ],
  [
    'powermetrics-text/power-server_monterey-m2.txt',
    'powermetrics-text',
    2,
    { cpu: 0.01, gpu: 0, ane: 0, dram: 0.019, package: 0.025 },
  ],
  [
    'powermetrics-text/power-server_sonoma-m1max.txt',
    'powermetrics-text',
    1,
    { cpu: 0.211, gpu: 0.147, ane: 0 },
    1.01207,
  ],
  ['powermetrics-text/power-server_sonoma-intel.txt', 'powermetrics-text', 1, { package: 8.53 }, 1.00238],
  [
    'powermetrics-text/singhkays_m1mini_11.2.2_Cinebench-R23.txt',
    'powermetrics-text',
    99,
    { cpu: 2.59009, gpu: 0.0038685, ane: 0, dram: 0.095956, package: 2.8087 },
  ],
  [
    'powermetrics-text/singhkays_m1mini_11.2.2_GB5-Compute-Metal.txt',
    'powermetrics-text',
    99,
    { cpu: 0.231484, gpu: 1.62176, ane: 0, dram: 0.122502, package: 2.07877 },
  ],
  [
    'powermetrics-text/singhkays_m1mini_11.2.2_Safari-HW-YT-4K.txt',
    'powermetrics-text',
    99,
    { cpu: 0.0727017, gpu: 0.00236531, ane: 0, dram: 0.0591687, package: 0.167329 },
  ],
  [
    'macmon-json/beszel1796_macmon_0.6_16GB.jsonl',
    'macmon-json',
    1,
    { cpu: 0.252332, gpu: 0.00444295, ane: 0, dram: 0, machine: 9.39149 },
  ],
  ['macmon-json/macmon_v0.8_prometheus_m3pro.prom', 'macmon-prometheus', 1, { cpu: 8.42 }],
  [
    'mactop-json/mactop_headless_m1ultra.json',
    'mactop-json',
    1,
    { cpu: 2.196, gpu: 5.38553, ane: 0, dram: 5.702, machine: 37.4717 },
  ],
  ['dcgm-text/datadog_t4_power_subset.prom', 'dcgm-text', 1, { gpu: 8.969 }],
  ['rapl/procfs_powercap_intel-rapl.ttar', 'rapl-tree', 1, {}],
  [
    'codecarbon/intel_power_gadget.csv',
    'intel-power-gadget',
    12,
    { package: 3.141 / 1.252, cpu: 1.182 / 1.252, dram: 1.426 / 1.252 },
    1.252,
  ],
  ['joulewise/d078_r01_power_trace.csv', 'power-trace-csv', 9, { cpu: 1.5363, gpu: 6.53441, ane: 0 }],
  ['paper-raw/m1pro_power_2024-05-13_01-42-30.csv', 'm1pro-log', 5735, { cpu: 1.787527, gpu: 10.06056 }],
  ['paper-raw/m1pro_power_old_with_header_r244.csv', 'm1pro-log', 1371, { cpu: 2.452753, gpu: 3.345066 }],
  ['nvidia-smi-csv/paper_v100_falcon_2024-04-03_11-08-14_head.csv', 'nvidia-smi-csv', 8484, { gpu: 236.6 }],
  ['nvidia-smi-csv/paper_llama13b_a100_2024-04-18.csv', 'nvidia-smi-csv', 2710, { gpu: 249.229 }],
  [
    'paper-raw/nvidia-smi_a100_2024-04-02_07-36-20_truncated-last-line.csv',
    'nvidia-smi-csv',
    2368,
    { gpu: 228.55 },
  ],
  ['paper-raw/nvidia-smi_a100_2rows_2024-03-29_13-03-12.csv', 'nvidia-smi-csv', 2, { gpu: 53.32 }],
  ['paper-raw/nvidia-smi_v100_2024-03-31_16-48-55.csv', 'nvidia-smi-csv', 533, { gpu: 56.467 }],
  [
    'amduprof/amduprof_2024-03-28_11-15-48_head.csv',
    'amduprof-timechart',
    115,
    { cpu: 180.756, package: 360.286 },
    11.6,
  ],
  [
    'paper-raw/amduprof_2024-04-02_07-36-21_head.csv',
    'amduprof-timechart',
    319,
    { cpu: 96.6152, package: 261.7 },
    31.9,
  ],
];

describe.skipIf(!existsSync(folder))('captures', () => {
  test.each(rows)('%s', (file, format, samples, powers, durationS) => {
    const report = inspectTrace(`${folder}/${file}`);
    expect({ format: report.format, samples: report.samples }).toEqual({ format, samples });
    expect(Object.keys(report.rails).sort()).toEqual(Object.keys(powers).sort());
    for (const [rail, power] of Object.entries(powers)) {
      expect(Math.abs(report.rails[rail as Rail]!.meanW - power)).toBeLessThanOrEqual(5e-4 * power);
    }
    if (durationS !== undefined) expect(report.durationS).toBeCloseTo(durationS, 3);
  });

  test("the paper's logs give the authors' own energies", () => {
    const { events } = inspectTrace(`${folder}/paper-raw/m1pro_power_2024-05-13_01-42-30.csv`);
    const summary = readFileSync(`${folder}/paper-raw/m1pro_summary_independence.csv`, 'utf8');
    const published = [
      ...summary.matchAll(/^(load model|inference-[A-Z]-\d+),[\d.]+,([\d.e+-]+),([\d.e+-]+),/gm),
    ];
    // The summary goes on with later runs of the same events; the log is of the first.
    const first = published.slice(0, 12);
    expect(first.map(([, name]) => name)).toEqual(Object.keys(events!));
    for (const [, name, cpu, gpu] of first) {
      const { energyJ } = events![name!]!;
      expect(Math.abs(energyJ.gpu! - Number(gpu))).toBeLessThan(1e-4);
      expect(Math.abs(energyJ.cpu! / Number(cpu) - 1)).toBeLessThan(1e-6);
    }
  });

  test('the undersampled log covers 718.76 s', () => {
    const { events } = inspectTrace(`${folder}/paper-raw/m1pro_power_2024-03-28_23-32-21_undersampled.csv`);
    const event = events!['inference-I-0']!;
    expect(event.samples).toBe(3243);
    expect(event.durationS).toBeCloseTo(718.76, 2);
    expect(event.energyJ.gpu).toBeCloseTo(10331.3037, 4);
  });

  test('a dump of RAPL tells its counters', () => {
    const [warning] = inspectTrace(`${folder}/rapl/procfs_powercap_intel-rapl.ttar`).warnings;
    expect(warning!.message).toContain('package-0 at 240422.366267 J of 262143.32885 J');
  });
});
