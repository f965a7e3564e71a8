import { RAILS } from '#core/profile';
import { trialFate, type Trial } from '#core/trial';

/** The trials of a run as CSV: one a row, units in the header, an empty field where nothing was measured. */
export function trialsCsv(trials: readonly Trial[]): string {
  const rails = RAILS.filter((rail) => trials.some((trial) => trial.energyJ[rail] !== undefined));
  const header = [
    'trial',
    'input_tokens',
    'output_tokens',
    'repeats',
    'fate',
    'flags',
    'fault',
    'start_s',
    'end_s',
    'runtime_s',
    'first_token_s',
    'coverage',
    'clock_shift_s',
    'cpu_share',
    ...['energy', 'above_idle', 'prefill', 'decode'].flatMap((what) =>
      rails.map((rail) => `${what}_${rail}_j`),
    ),
    'energy_of',
    'pauses_s',
    'cache_told',
  ];
  const rows = trials.map((trial) => [
    trial.index,
    trial.m,
    trial.n,
    trial.repeats,
    trialFate(trial),
    trial.flags.join(' '),
    trial.fault,
    trial.startS,
    trial.endS,
    trial.runtimeS,
    trial.firstTokenS,
    trial.coverage,
    trial.clockShiftS,
    trial.cpuShare,
    ...[trial.energyJ, trial.aboveIdleJ, trial.prefillJ, trial.decodeJ].flatMap((energy) =>
      rails.map((rail) => energy?.[rail]),
    ),
    trial.energyOf,
    trial.pausesS,
    trial.cacheTold === false ? 'no' : 'yes',
  ]);
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
