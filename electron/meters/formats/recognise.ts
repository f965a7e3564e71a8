import type { TraceReader } from '#core/traceReport';
import { macmonReader } from './macmon.ts';
import { mactopReader } from './mactop.ts';
import { nvidiaSmiReader } from './nvidiaSmi.ts';
import { paperLogReader } from './paperLog.ts';
import { powerGadgetReader } from './powerGadget.ts';
import { powermetricsPlistReader } from './powermetricsPlist.ts';
import { powermetricsTextReader } from './powermetricsText.ts';
import { dcgmReader, macmonPrometheusReader } from './prometheus.ts';
import { RAPL_LOG_HEADER, raplLogReader, raplTreeReader } from './rapl.ts';
import { railCsvReader } from './railCsv.ts';
import { uprofReader } from './uprof.ts';

/** A form of power log, known by what it holds; a file's name says nothing. */
export interface TraceFormat {
  readonly id: string;
  readonly name: string;
  /** how the beginning of such a log looks */
  readonly looks: RegExp;
  readonly reader: () => TraceReader;
}

const NUMBER = String.raw`\s*-?\d+(?:\.\d+)?\s*`;

/** Every form of power log that is understood, the more certain ones first. */
export const TRACE_FORMATS: readonly TraceFormat[] = [
  {
    id: 'powermetrics-plist',
    name: 'powermetrics, property lists',
    looks: /<plist[\s>][^]*<key>elapsed_ns<\/key>/,
    reader: powermetricsPlistReader,
  },
  {
    id: 'powermetrics-text',
    name: 'powermetrics, text',
    looks: /^\*\*\* Sampled system activity \(/m,
    reader: powermetricsTextReader,
  },
  {
    id: 'mactop-json',
    name: 'mactop, JSON',
    looks: /^\s*[[{][^]*"soc_metrics"\s*:\s*\{/,
    reader: mactopReader,
  },
  {
    id: 'macmon-json',
    name: 'macmon, JSON lines',
    looks: /^\s*\{.*"(?:cpu_power|sys_power|all_power)"\s*:/,
    reader: macmonReader,
  },
  {
    id: 'macmon-prometheus',
    name: 'macmon, Prometheus text',
    looks: /^macmon_\w*power_watts/m,
    reader: macmonPrometheusReader,
  },
  { id: 'dcgm-text', name: 'DCGM exporter, text', looks: /^DCGM_FI_DEV_\w+\{/m, reader: dcgmReader },
  {
    id: 'amduprof-timechart',
    name: 'AMD uProf, timechart',
    looks: /^AMDPROFILER POWER PROFILE REPORT|^PROFILE RECORDS/m,
    reader: uprofReader,
  },
  {
    id: 'rapl-tree',
    name: 'RAPL, dump of /sys/class/powercap',
    looks: /^Path: .*\bintel-rapl[^\n]*\//m,
    reader: raplTreeReader,
  },
  {
    id: 'rapl-log',
    name: 'RAPL, readings',
    looks: new RegExp(`^${RAPL_LOG_HEADER}`),
    reader: raplLogReader,
  },
  {
    id: 'intel-power-gadget',
    name: 'Intel Power Gadget, CSV',
    looks: /^[^\n]*System Time,\s*RDTSC,\s*Elapsed Time/,
    reader: powerGadgetReader,
  },
  {
    id: 'power-trace-csv',
    name: 'power trace by interval and rail, CSV',
    looks: /^timestamp_s,power_w,source,rail,interval_start_s,interval_end_s/,
    reader: railCsvReader,
  },
  {
    id: 'nvidia-smi-csv',
    name: 'nvidia-smi, CSV',
    looks:
      /^[^\n]*(?:timestamp[^\n]*power\.draw|power\.draw[^\n]*timestamp)|^\s*\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+,\s*[\d.]+/,
    reader: nvidiaSmiReader,
  },
  {
    id: 'm1pro-log',
    name: "the paper's M1 Pro log",
    looks: new RegExp(
      String.raw`^event,timestamp,[^\n]*,ALL_TASKS,|^[A-Za-z][^\n]*?(?:,${NUMBER}){5}\r?(?:\n|$)`,
    ),
    reader: paperLogReader,
  },
];

/**
 * The form of a power log.
 * @param head the beginning of the log, a few thousand characters
 * @returns undefined when none is known
 */
export function recogniseTrace(head: string): TraceFormat | undefined {
  return TRACE_FORMATS.find(({ looks }) => looks.test(head));
}
