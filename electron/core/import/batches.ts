import { RAILS } from '../profile.ts';
import type { RailEnergy } from '../meter.ts';
import type { Device } from './devices.ts';
import type { ImportFinding } from './observation.ts';
import type { ImportOptions } from './options.ts';
import { median, type Query } from './query.ts';

/** What was done about batches. */
export interface Batches {
  readonly queries: readonly Query[];
  readonly findings: readonly ImportFinding[];
  readonly mode: NonNullable<ImportOptions['batch']>;
  /** queries that ran together */
  readonly batch: number;
  /** what the source records, where that is not the real one */
  readonly recorded: number | undefined;
}

/**
 * Energies are to be of one query. A row with a batch size above 1 can be a whole batch, one query of it already, or a
 * single prompt whose table records a batch that never ran: the user says, or the format knows, or the power tells. A
 * whole batch that ran draws the power of its machine; a share of it draws less than the machine does idle.
 * @param counted devices and their number, where they are known
 */
export function divideBatches(
  queries: readonly Query[],
  options: ImportOptions,
  counted: { readonly device: Device | undefined; readonly gpus: number },
): Batches {
  const sizeOf = ({ source, reading }: Query): number => {
    const size = options.batchSize ?? source.batch ?? reading.facts.batch ?? 1;
    return Number.isFinite(size) && size >= 1 ? size : 1;
  };
  const largest = queries.reduce((most, query) => Math.max(most, sizeOf(query)), 1);
  if (largest <= 1)
    return { queries, findings: [], mode: options.batch ?? 'per-query', batch: 1, recorded: undefined };

  const told = options.batch;
  const single = queries.every(({ reading }) => reading.facts.singlePrompts === true);
  const per = queries.every(({ reading }) => reading.facts.energyPer === queries[0]!.reading.facts.energyPer)
    ? queries[0]!.reading.facts.energyPer
    : undefined;
  if (told === undefined && single) {
    const sizes = [...new Set(queries.map(sizeOf))].join(', ');
    return {
      queries,
      mode: 'per-query',
      batch: 1,
      recorded: largest,
      findings: [
        {
          kind: 'batch',
          level: 'warning',
          message: `The batch size says ${sizes} for single prompts: each row is one query, so its energy is not divided.`,
          todo: 'Say that the energy is of the whole batch (--batch divide) if that many queries really ran together.',
        },
      ],
    };
  }
  const mode =
    told ?? (per === undefined ? guess(queries, sizeOf, counted) : per === 'query' ? 'per-query' : 'divide');
  const finding = (message: string, todo: string): ImportFinding[] =>
    told === undefined && per === undefined ? [{ kind: 'batch', level: 'warning', message, todo }] : [];
  if (mode === 'per-query') {
    const real = options.batchSize ?? (told === undefined ? largest : 1);
    return {
      queries,
      mode,
      batch: Math.round(real),
      recorded: Math.round(real) === Math.round(largest) ? undefined : Math.round(largest),
      findings: finding(
        `The batch size says ${largest}; the energy of a row is too small for a whole batch, so it is taken as that of one query.`,
        'Say that it is of the whole batch (--batch divide) if it is.',
      ),
    };
  }
  return {
    queries: queries.map((query) => divided(query, sizeOf(query))),
    mode,
    batch: Math.round(largest),
    recorded: undefined,
    findings: finding(
      `The batch size says ${largest}: the energy of a row is taken as that of the whole batch, and divided by it. The runtime stays that of the batch, since each of its queries takes that long.`,
      'Say that it is one query’s (--batch per-query) if the rows are single prompts.',
    ),
  };
}

/** A power this much below a device's idle power is a share of it. */
const SHARE_OF_IDLE = 0.8;

function guess(
  queries: readonly Query[],
  sizeOf: (query: Query) => number,
  { device, gpus }: { readonly device: Device | undefined; readonly gpus: number },
): 'per-query' | 'divide' {
  if (device === undefined || device.kind !== 'gpu') return 'divide';
  const powers = queries
    .filter((query) => sizeOf(query) > 1)
    .flatMap(({ source, runtimeS }) =>
      source.energyJ.gpu === undefined ? [] : [source.energyJ.gpu / runtimeS],
    );
  const middle = median(powers);
  return middle !== undefined && middle < SHARE_OF_IDLE * device.idleW * Math.max(1, gpus)
    ? 'per-query'
    : 'divide';
}

function divided(query: Query, size: number): Query {
  if (size === 1) return query;
  const part = (energyJ: RailEnergy): RailEnergy => {
    const share: RailEnergy = {};
    for (const rail of RAILS) if (energyJ[rail] !== undefined) share[rail] = energyJ[rail] / size;
    return share;
  };
  return {
    ...query,
    energyJ: part(query.energyJ),
    ...(query.idleJ === undefined ? {} : { idleJ: part(query.idleJ) }),
    ...(query.sdEnergyJ === undefined ? {} : { sdEnergyJ: query.sdEnergyJ / size }),
  };
}
