import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rail } from '#core/profile';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';
import * as logs from './fixtures/logs.ts';
import * as apple from './fixtures/powermetrics.ts';
import { recogniseTrace } from './formats/recognise.ts';
import { inspectTrace } from './traceFile.ts';

function fileOf(content: string | Buffer): string {
  const file = path.join(temporaryFolder(), 'log');
  writeFileSync(file, content);
  return file;
}

/** Form, samples, energy by rail (J; null where the log has one reading alone) and kinds of warnings. */
type Row = [string, string, string, number, Partial<Record<Rail, number | null>>, string[]];
const share = 'process-share';
const rows: Row[] = [
  [
    'three property lists',
    apple.plistStream(3, { cpuMw: 5000 }),
    'powermetrics-plist',
    3,
    { cpu: 3.12, gpu: 0.6, ane: 0 },
    [],
  ],
  [
    'a cut property list',
    `${apple.plistStream(2, { cpuMw: 5000 })}\0${apple.plist({ cpuMw: 1 }).slice(0, 700)}`,
    'powermetrics-plist',
    2,
    { cpu: 2.08, gpu: 0.4, ane: 0 },
    ['cut-sample'],
  ],
  [
    'a CPU at 0 mW with busy tasks',
    apple.plistStream(2, { cpuMw: 0, all: 90 }),
    'powermetrics-plist',
    2,
    { cpu: 0, gpu: 0.4, ane: 0 },
    ['cpu-zero-while-busy'],
  ],
  [
    'text of macOS 11',
    apple.TEXT_MACOS_11,
    'powermetrics-text',
    2,
    { cpu: 0.403, gpu: 0.1005, ane: 0, dram: 0.0603, package: 0.604 },
    [],
  ],
  ['text of macOS 13', apple.TEXT_MACOS_13, 'powermetrics-text', 1, { cpu: 1, gpu: 0.5, ane: 0 }, []],
  [
    'text of macOS 13, misread',
    apple.TEXT_MACOS_13.replace('2000 mW', '0 mW'),
    'powermetrics-text',
    1,
    { cpu: 0, gpu: 0.5, ane: 0 },
    ['cpu-zero-while-busy'],
  ],
  ['text of an Intel Mac', apple.TEXT_INTEL, 'powermetrics-text', 1, { package: 8.5 }, []],
  [
    'text with Windows line ends',
    apple.TEXT_MACOS_11.replaceAll('\n', '\r\n'),
    'powermetrics-text',
    2,
    { cpu: 0.403, gpu: 0.1005, ane: 0, dram: 0.0603, package: 0.604 },
    [],
  ],
  [
    'macmon, old and new keys',
    logs.MACMON,
    'macmon-json',
    3,
    { cpu: 12, gpu: 3, ane: 0, dram: 1.5, machine: 60 },
    [],
  ],
  [
    'one answer of macmon serve',
    logs.MACMON_PROMETHEUS,
    'macmon-prometheus',
    1,
    { cpu: null, machine: null },
    ['single-reading'],
  ],
  ['mactop', logs.MACTOP, 'mactop-json', 2, { cpu: 4, gpu: 10, ane: 0, dram: 6, machine: 60 }, []],
  ['two GPUs with an index', logs.NVIDIA_INDEXED, 'nvidia-smi-csv', 3, { gpu: 45 }, []],
  ['no units, no header, a cut line', logs.NVIDIA_BARE, 'nvidia-smi-csv', 3, { gpu: 30 }, ['cut-line']],
  [
    'four GPUs without an index',
    logs.NVIDIA_INTERLEAVED,
    'nvidia-smi-csv',
    10,
    { gpu: 100 },
    ['interleaved-gpus'],
  ],
  ['the paper', logs.PAPER, 'm1pro-log', 3, { cpu: 1, gpu: 4.1 }, [share]],
  ['the paper, with a header', logs.PAPER_WITH_HEADER, 'm1pro-log', 3, { cpu: 1, gpu: 4.1 }, [share]],
  ['AMD uProf over midnight', logs.UPROF, 'amduprof-timechart', 2, { package: 30, cpu: 1.4 }, ['cut-line']],
  ['DCGM', logs.DCGM, 'dcgm-text', 1, { gpu: null }, ['single-reading', 'counter-since-start']],
  // 300 J by power, 340 J and 305 J by the counters, and 300 J by power again.
  ['a series of DCGM', logs.DCGM_SERIES, 'dcgm-text', 4, { gpu: 1245 }, []],
  [
    'a series of DCGM without counters',
    logs.DCGM_SERIES.replace(/^DCGM_FI_DEV_TOTAL.*\n/gm, ''),
    'dcgm-text',
    4,
    { gpu: 1200 },
    [],
  ],
  ['RAPL readings that start anew', logs.RAPL_LOG, 'rapl-log', 2, { package: 180, cpu: 100 }, []],
  ['a dump of RAPL', logs.RAPL_TREE, 'rapl-tree', 1, {}, ['single-reading']],
  [
    'Intel Power Gadget',
    logs.POWER_GADGET,
    'intel-power-gadget',
    2,
    { package: 0.3, cpu: 0.1, dram: 0.16 },
    [],
  ],
  ['intervals by rail', logs.RAIL_CSV, 'power-trace-csv', 2, { cpu: 0.4, gpu: 1 }, []],
];

test.each(rows)('%s', (_name, content, format, samples, energies, warnings) => {
  const report = inspectTrace(fileOf(content));
  expect({ format: report.format, samples: report.samples }).toEqual({ format, samples });
  expect(Object.keys(report.rails).sort()).toEqual(Object.keys(energies).sort());
  for (const [rail, energy] of Object.entries(energies)) {
    const found = report.rails[rail as Rail]!.energyJ;
    if (energy === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(energy, 6);
  }
  expect(report.warnings.map(({ kind }) => kind)).toEqual(warnings);
});

test('a log may come in any pieces', () => {
  fc.assert(
    fc.property(fc.constantFrom(...rows), fc.integer({ min: 1, max: 97 }), ([, content], size) => {
      const read = (step: number): unknown => {
        const reader = recogniseTrace(content)!.reader();
        const samples = [];
        for (let at = 0; at < content.length; at += step)
          samples.push(...reader.push(content.slice(at, at + step)));
        return [...samples, ...reader.end(), reader.facts];
      };
      expect(read(size)).toEqual(read(content.length));
    }),
    { numRuns: 60 },
  );
});

test('a silence of 3 s is a gap, over midnight too, and has no energy', () => {
  const { gaps, durationS, rails } = inspectTrace(fileOf(logs.NVIDIA_STALLED));
  expect(gaps).toHaveLength(1);
  expect(gaps[0]!.endS - gaps[0]!.startS).toBeCloseTo(2.9, 9);
  expect(durationS).toBeCloseTo(0.5, 9);
  expect(rails.gpu!.energyJ).toBeCloseTo(50, 9);
});

test('events of a log are told apart', () => {
  const { events } = inspectTrace(fileOf(logs.PAPER));
  expect(events!['inference-A-8']!.samples).toBe(2);
  expect(events!['inference-A-8']!.energyJ.gpu).toBeCloseTo(4, 12);
});

test('what was asked for is told where the log states it', () => {
  expect(inspectTrace(fileOf(logs.UPROF)).cadence).toEqual({ requestedMs: 100, medianMs: 100, p95Ms: 100 });
  expect(inspectTrace(fileOf(logs.RAIL_CSV)).cadence.requestedMs).toBeNull();
});

describe('what is no power log', () => {
  test.each([
    ['an empty file', ''],
    ['a binary file', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ['a text', 'Dear diary,\ntoday I measured nothing.\n'],
    ['another table', 'a,b,c\n1,2,3\n'],
    ['another JSON', '{"a": 1}'],
    ['a log without a whole sample', apple.plist({ cpuMw: 1 }).slice(0, 800)],
  ])('%s', (_name, content) => {
    expect(labErrorOf(() => inspectTrace(fileOf(content))).kind).toBe('bad-trace');
  });

  test('a file that is not there, and a folder', () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'inner'));
    for (const name of ['none', 'inner']) {
      expect(labErrorOf(() => inspectTrace(path.join(folder, name))).kind).toBe('file-not-readable');
    }
  });
});

test('the memory for a log does not grow with it', () => {
  const file = fileOf('');
  const many = logs.PAPER.repeat(2000);
  for (let i = 0; i < 100; i++) appendFileSync(file, many);
  const report = inspectTrace(file);
  expect(report.samples).toBe(600_000);
  expect(report.rails.gpu!.energyJ).toBeCloseTo(4.1 * 200_000, 3);
});
