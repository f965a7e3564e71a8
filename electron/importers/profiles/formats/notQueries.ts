import type { ImportFormat } from '../importFormat.ts';
import { looksLike, refused } from './parsed.ts';

/** A file that is known, and holds no queries with an energy: why, and what would. */
interface NotQueries {
  readonly id: string;
  readonly name: string;
  readonly looks: readonly RegExp[];
  /** the sentence's end after the file's name */
  readonly why: string;
  readonly hint: string;
}

const KNOWN: readonly NotQueries[] = [
  {
    id: 'mlenergy-index',
    name: 'ML.ENERGY, list of models',
    looks: [/^\s*\{/, /"architectures"\s*:\s*\{/, /"(?:nickname|total_params_billions)"\s*:/],
    why: 'is the list of models and tasks of the ML.ENERGY leaderboard, and has no energies.',
    hint: 'Choose the file of one model and task, such as Qwen3-8B_lm-arena-chat.json.',
  },
  {
    id: 'zeus-power-limits',
    name: 'Zeus, power limits',
    looks: [/^\s*dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power/],
    why: 'has power and time of training epochs at several power limits: trainings, not queries.',
    hint: 'Bring the CSV of ZeusMonitor, with a window around each query.',
  },
  {
    id: 'codecarbon-load',
    name: 'CodeCarbon, CPU load profile',
    looks: [/^\s*task_name,load_type,cpu_name,timestamp,cores_used,cpu_load/],
    why: 'has the power of a CPU at steps of load, for calibrating CodeCarbon: no queries.',
    hint: 'Bring the emissions.csv of runs that each hold one query.',
  },
  {
    id: 'melange',
    name: 'Mélange, throughputs of GPUs',
    looks: [/^\s*\{/, /"gpu_info"\s*:/, /"tputs"\s*:/],
    why: 'has the most requests a second of GPUs by sizes of requests (Mélange): no energy, and no time of a query.',
    hint: 'Mélange keeps no power. Measure the same GPUs with crossover measure, or bring a log of requests with a power log.',
  },
  {
    id: 'aiperf-summary',
    name: 'AIPerf, summary',
    looks: [/^\s*\{/, /"request_latency"\s*:\s*\{/, /"(?:unit|avg)"\s*:/, /"request_throughput"\s*:\s*\{/],
    why: 'is the summary of a run of AIPerf, and does not tell its requests one by one.',
    hint: 'Bring profile_export.jsonl and gpu_telemetry_export.jsonl of the same run.',
  },
  {
    id: 'azure-trace',
    name: 'Azure, trace of requests',
    looks: [/^\s*TIMESTAMP,ContextTokens,GeneratedTokens/i],
    why: 'is a trace of requests and their tokens: a workload, without energies.',
    hint: 'Import it as one (crossover workloads import).',
  },
  {
    id: 'powermetrics-help',
    name: 'powermetrics, help',
    looks: [/^Usage: powermetrics /],
    why: 'is the help text of powermetrics, and has no samples.',
    hint: 'Bring what powermetrics printed while it sampled.',
  },
];

/** Files that are recognised to be refused with the right reason. */
export const NOT_QUERIES: readonly ImportFormat[] = KNOWN.map(({ id, name, looks, why, hint }) => ({
  id,
  name,
  looks: looksLike(...looks),
  read: (source) => Promise.reject(refused(`${source.file.name} ${why}`, hint)),
}));
