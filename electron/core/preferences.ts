import { z } from 'zod';
import { displayUnitsSchema } from './displayUnits.ts';
import { PAPERS } from './reportFormat.ts';

/** The places of the window: the six steps, the start, the paper's study, and the studies that are stored. */
export const PLACES = [
  'start',
  'measure',
  'profiles',
  'workload',
  'threshold',
  'reproduce',
  'check',
  'report',
  'studies',
] as const;
export type Place = (typeof PLACES)[number];

/** What the window remembers between two starts. */
export const preferencesSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  place: z.enum(PLACES).default('start'),
  /** ids of the profiles laid over one another on the Profiles page */
  overlay: z.array(z.string()).optional(),
  /** units and numbers as they are shown in the window; without them the default ones */
  units: displayUnitsSchema.optional(),
  /** of a PDF; without it that of the system's language */
  paper: z.enum(PAPERS).optional(),
  window: z
    .strictObject({
      x: z.number().int().optional(),
      y: z.number().int().optional(),
      width: z.number().int().min(400),
      height: z.number().int().min(300),
      maximised: z.boolean().default(false),
    })
    .optional(),
});
export type Preferences = z.output<typeof preferencesSchema>;
