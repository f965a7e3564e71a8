/** Made-up sources of measurements, in the forms that imports meet; the numbers are simple, so that means are plain. */

/** A row of the made-up trial table. */
export interface MadeTrial {
  readonly phase?: string;
  readonly runtimeS?: number;
  readonly cpuJ?: number;
  readonly gpuJ?: number;
  readonly m?: number;
  readonly n?: number;
  readonly iteration?: number;
  readonly model?: string;
  readonly system?: string;
  readonly total?: number;
}

/** Two cells of three trials and a warm-up each, after a tokenizer and a model that are loaded. */
export const MADE_TRIALS: readonly MadeTrial[] = [
  { phase: 'tokenizer', runtimeS: 0.3, cpuJ: 0.8, gpuJ: 16, m: 0, n: 32, iteration: 0, total: 0 },
  { phase: 'model load', runtimeS: 52, cpuJ: 140, gpuJ: 2985, m: 0, n: 32, iteration: 0, total: 0 },
  ...[8, 16].flatMap((m) =>
    [0, 1, 2, 3].map((iteration) => ({
      phase: `start-inference-A-${iteration}`,
      runtimeS: iteration === 0 ? 3.5 : 1 + iteration / 100,
      cpuJ: 2 + iteration / 8,
      gpuJ: 10 * m + 50 + iteration,
      m,
      n: 32,
      iteration,
      total: m + 32,
    })),
  ),
];

/** A trial table in the form of the paper's authors, with energies in J or in a smaller unit. */
export function paperTableText(
  trials: readonly MadeTrial[] = MADE_TRIALS,
  form: {
    readonly unit?: 'J' | 'mJ' | 'uJ' | 'kWh';
    readonly delimiter?: ',' | ';' | '\t';
    readonly header?: boolean;
    readonly decimalComma?: boolean;
    readonly lineEnd?: string;
  } = {},
): string {
  const { unit = 'mJ', delimiter = ',', header = true, decimalComma = false, lineEnd = '\n' } = form;
  const scale = { J: 1, mJ: 1e3, uJ: 1e6, kWh: 1 / 3.6e6 }[unit];
  const number = (value: number): string => (decimalComma ? String(value).replace('.', ',') : String(value));
  const names = [
    'Phase',
    'Runtime (s)',
    'CPU Energy (J)',
    `GPU Energy (${unit})`,
    'Number of Output Tokens',
    'Number of Input Tokens',
    'Iteration',
    'Model',
    'Number of GPUs',
    'Prompt',
    'Total Number of Tokens',
    'Batch Size',
    'System Name',
  ];
  const rows = trials.map((trial) => [
    trial.phase ?? 'inference-A-1',
    number(trial.runtimeS ?? 1),
    number(trial.cpuJ ?? 2),
    number((trial.gpuJ ?? 100) * scale),
    String(trial.n ?? 32),
    String(trial.m ?? 8),
    String(trial.iteration ?? 1),
    trial.model ?? 'falcon-7b',
    '1',
    `"What${delimiter} then?\nSay ""it""."`,
    String(trial.total ?? (trial.m ?? 8) + (trial.n ?? 32)),
    '32',
    trial.system ?? 'made A100',
  ]);
  return [...(header ? [names] : []), ...rows].map((row) => row.join(delimiter) + lineEnd).join('');
}
