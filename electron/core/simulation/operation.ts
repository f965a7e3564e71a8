import { z } from 'zod';
import { LabError } from '../errors.ts';
import { firstIssues } from '../profile.ts';

/** More devices of one system than this are not simulated. */
export const MOST_DEVICES = 10_000;

/** More simulated queries than this would not fit into memory beside everything else. */
const MOST_QUERIES = 4e6;

const amount = z.number().nonnegative().finite();

/** How one system is run, and what its energy stands for. What is not said is not known, never 0. */
const operatedSchema = z.strictObject({
  devices: z.number().int().min(0).max(MOST_DEVICES),
  /** power of one device without a query, W, within the boundary of the study */
  idleW: z.exactOptional(amount),
  /** emissions of the electricity there, grams of CO2 equivalent per kWh */
  carbonGPerKwh: z.exactOptional(amount),
  /** price of the electricity there, per kWh, in whatever currency */
  pricePerKwh: z.exactOptional(amount),
  /** what one device costs per hour beside its electricity, whether it is busy or not */
  pricePerDeviceHour: z.exactOptional(amount),
});
export type OperatedSystem = z.output<typeof operatedSchema>;

/** An operation as far as it was said: what a project remembers of it. */
export const saidOperationSchema = z.strictObject({
  arrivalRate: z.number().positive().finite().optional(),
  small: operatedSchema.partial(),
  large: operatedSchema.partial(),
});
export type SaidOperation = z.output<typeof saidOperationSchema>;

/** Devices, arrivals and prices under which a policy is carried out. */
export const operationSchema = z
  .strictObject({
    /**
     * queries per second in the mean, drawn from the workload; they come at random (a Poisson process). Where it is not
     * said, half of what the devices carry
     */
    arrivalRate: z.exactOptional(z.number().positive().finite()),
    small: operatedSchema,
    large: operatedSchema,
    /** queries of each simulated stretch, of which the first tenth only fills the queues */
    queries: z.number().int().min(100).max(1_000_000).default(20_000),
    /** stretches, each drawn anew: what they differ in gives the interval */
    repeats: z.number().int().min(2).max(100).default(10),
    seed: z.number().int().nonnegative().default(1),
  })
  .refine(({ queries, repeats }) => queries * repeats <= MOST_QUERIES, {
    message: 'more than 4 million simulated queries',
    path: ['queries'],
  });
export type AskedOperation = z.output<typeof operationSchema>;
export type OperationRequest = z.input<typeof operationSchema>;

/** An operation with its arrival rate. */
export type Operation = AskedOperation & { readonly arrivalRate: number };

/**
 * Validates an operation, filling in defaults, all but the arrival rate.
 * @throws LabError "bad-setting" naming what is wrong
 */
export function parseOperation(operation: unknown): AskedOperation {
  const result = operationSchema.safeParse(operation);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `This cannot be simulated: ${firstIssues(result.error)}.`,
    'The arrival rate is a number of queries per second above 0, devices are whole numbers, powers and prices 0 or more.',
  );
}
