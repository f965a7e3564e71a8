import type { Command } from 'commander';
import { LabError } from '#core/errors';
import type { OperationRequest } from '#core/simulation/operation';
import { carriedOf } from '#core/simulation/words';
import type { Context, Registrar, Answer } from './command.ts';
import { parseArrivalRate, parseDevices } from './capacityFlags.ts';
import { simulationText } from './simulationText.ts';

interface Flags {
  readonly arrivalRate: string;
  readonly devices: string;
  readonly idlePower?: string;
  readonly carbon?: string;
  readonly price?: string;
  readonly devicePrice?: string;
  readonly queries?: string;
  readonly repeats?: string;
  readonly seed?: string;
}

/** `simulate`: queues, idle energy, carbon and price of a stored study's policy. */
export function addSimulate(program: Command, { add }: Registrar): void {
  add<Flags>(
    program,
    'simulate',
    {
      description:
        "queues, idle energy, carbon and price of a stored study's policy, beside each system alone: queries come at " +
        'random, each keeps one device busy, first come, first served; what is not stated is left out and said to be',
      example:
        'simulate study-0ba8d58cb67a --arrival-rate 0.05 --devices small=2,large=1 --idle-power small=4,large=60',
    },
    simulateCommand,
  )
    .argument('<study>', 'id of the study, see crossover studies list')
    .requiredOption('--arrival-rate <number>', 'queries per second, drawn from the workload')
    .requiredOption('--devices <numbers>', 'devices of each system, as small=2,large=1')
    .option('--idle-power <watts>', 'power of a device without a query, W, as small=4,large=60')
    .option('--carbon <grams>', 'emissions of the electricity, g CO2e per kWh, as small=380,large=45')
    .option('--price <amounts>', 'price of the electricity per kWh, as small=0.30,large=0.12')
    .option(
      '--device-price <amounts>',
      'price of a device per hour beside its electricity, as small=0.05,large=1.80',
    )
    .option('--queries <n>', 'queries of each simulated stretch (default: 20000)')
    .option('--repeats <n>', 'stretches, each drawn anew (default: 10)')
    .option('--seed <n>', 'the same seed gives the same figures (default: 1)');
}

async function simulateCommand(
  context: Context,
  [study = '']: readonly string[],
  flags: Flags,
): Promise<Answer> {
  const operation = operationOf(flags);
  return context.inLabAsync(async (lab) => {
    const signal = context.takeInterrupt();
    const simulation = await lab.simulateStudy(study, operation, { signal });
    const { study: stored, inputs } = lab.showStudy(study);
    const { verdict } = stored.result;
    const carried = carriedOf(stored.settings, verdict);
    return {
      data: { study, carried, simulation },
      text: (columns) => simulationText(simulation, { inputs, carried, verdict }, columns),
    };
  }, 'read');
}

function operationOf(flags: Flags): OperationRequest {
  const devices = parseDevices(flags.devices, ['small', 'large']);
  const idle = parseAmounts('--idle-power', flags.idlePower);
  const carbon = parseAmounts('--carbon', flags.carbon);
  const price = parseAmounts('--price', flags.price);
  const hourly = parseAmounts('--device-price', flags.devicePrice);
  const side = (name: 'small' | 'large'): OperationRequest['small'] => ({
    devices: devices[name],
    ...(idle[name] === undefined ? {} : { idleW: idle[name] }),
    ...(carbon[name] === undefined ? {} : { carbonGPerKwh: carbon[name] }),
    ...(price[name] === undefined ? {} : { pricePerKwh: price[name] }),
    ...(hourly[name] === undefined ? {} : { pricePerDeviceHour: hourly[name] }),
  });
  const whole = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text.trim())) return Number(text);
    throw refused(`${flag} wants a whole number, and "${text}" is none.`, `Give one such as ${flag} 1000.`);
  };
  const queries = whole('--queries', flags.queries);
  const repeats = whole('--repeats', flags.repeats);
  const seed = whole('--seed', flags.seed);
  return {
    arrivalRate: parseArrivalRate(flags.arrivalRate),
    small: side('small'),
    large: side('large'),
    ...(queries === undefined ? {} : { queries }),
    ...(repeats === undefined ? {} : { repeats }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/**
 * Reads `small=4,large=60`, either side may be missing.
 * @throws LabError "bad-setting" when it is not in that form
 */
function parseAmounts(flag: string, text: string | undefined): { small?: number; large?: number } {
  const found: { small?: number; large?: number } = {};
  if (text === undefined) return found;
  for (const part of text.split(',')) {
    const match = /^\s*(small|large)\s*=\s*(\d+\.?\d*|\.\d+)\s*$/.exec(part);
    if (match === null) {
      throw refused(
        `${flag} wants a number of 0 or more for small or large, and "${part.trim()}" is none.`,
        `Write it like ${flag} small=4,large=60.`,
      );
    }
    const side = match[1] as 'small' | 'large';
    if (found[side] !== undefined) throw refused(`${flag} names ${side} twice.`, 'Name each system once.');
    found[side] = Number(match[2]);
  }
  return found;
}

const refused = (message: string, hint: string): LabError =>
  new LabError('bad-setting', `${message} Nothing was simulated.`, hint);
