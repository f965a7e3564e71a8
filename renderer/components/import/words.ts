import { COLUMN_UNITS, type ColumnRole, type ColumnUnit } from '#core/import/observation';

/** What a column can be, in words, in the order in which the choice lists them. */
export const ROLE_NAMES: Readonly<Record<ColumnRole, string>> = {
  'input-tokens': 'input tokens',
  'output-tokens': 'output tokens',
  'output-limit': 'output tokens asked for',
  'total-tokens': 'all tokens',
  energy: 'energy',
  'energy-sd': 'spread of the energy',
  'energy-per-token': 'energy per token',
  'idle-energy': 'energy at idle',
  power: 'power',
  runtime: 'runtime',
  'runtime-sd': 'spread of the runtime',
  'first-token-time': 'time to first token',
  'start-time': 'start',
  'end-time': 'end',
  phase: 'phase',
  iteration: 'iteration',
  trials: 'trials',
  batch: 'queries in a batch',
  gpus: 'GPUs',
  model: 'model',
  system: 'system',
  ignore: 'not used',
};

const ENERGIES: readonly ColumnUnit[] = ['J', 'mJ', 'uJ', 'kJ', 'Wh', 'kWh'];
const TIMES: readonly ColumnUnit[] = ['s', 'ms', 'us', 'ns'];

/** The units that make sense for a role; none for what has no unit. */
export function unitsOf(role: ColumnRole): readonly ColumnUnit[] {
  switch (role) {
    case 'energy':
    case 'energy-sd':
    case 'idle-energy':
      return ENERGIES;
    case 'energy-per-token':
      return ['J/token'];
    case 'power':
      return ['W', 'mW'];
    case 'runtime':
    case 'runtime-sd':
    case 'first-token-time':
      return TIMES;
    case 'start-time':
    case 'end-time':
      return ['time', ...TIMES];
    default:
      return [];
  }
}

/** Whether a column of this role belongs to a rail. */
export function hasRail(role: ColumnRole): boolean {
  return ['energy', 'energy-per-token', 'idle-energy', 'power'].includes(role);
}

/** A unit as it is written: µ for micro. */
export function unitName(unit: ColumnUnit): string {
  return COLUMN_UNITS.includes(unit) ? unit.replace(/^u(?=[Js])/, 'µ') : unit;
}

/** How sure the doctor is of a column. */
export const HOW_NAMES = {
  stated: 'stated',
  guessed: 'guessed',
  told: 'as you said',
} as const;

/**
 * What to do, without the option of the command line that does it.
 * @example inWindow('Say the unit (--column "Energy (mJ)=energy:J").') // "Say the unit."
 */
export const inWindow = (todo: string): string => todo.replace(/ \(--(?:"[^"]*"|[^)"])*\)/g, '');
