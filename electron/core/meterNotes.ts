import type { MeterInfo } from './meter.ts';
import type { Environment } from './run.ts';

/** Of a power log that is played as a meter. */
export const REPLAYED =
  'The energy is that of a recorded power log, played as if this computer drew it now: it says nothing of this computer.';

/**
 * What must be said of the numbers of a meter, whatever they are: sentences for people, none where there is nothing.
 * Sources: powermetrics' manual page; for NVIDIA arXiv 2312.02741, which finds that the power sensor of A100 and H100
 * covers 25% of the time.
 */
export function meterNotes(
  meter: Pick<MeterInfo, 'kind'> | undefined,
  environment: Pick<Environment, 'gpus'> | undefined,
): string[] {
  switch (meter?.kind) {
    case 'ioreport':
    case 'powermetrics':
    case 'macmon':
      return ['Apple calls these values estimates, not meant for comparing devices. The report says so too.'];
    case 'replay':
      return [REPLAYED];
    case 'nvidia-smi':
      return nvidiaNotes(environment?.gpus?.map(({ name }) => name) ?? []);
    default:
      return [];
  }
}

function nvidiaNotes(names: readonly string[]): string[] {
  const notes: string[] = [];
  const partly = [...new Set(names.flatMap((name) => /\b[AH]100\b/.exec(name)?.[0] ?? []))];
  if (partly.length > 0) {
    notes.push(
      `The power sensor of an ${partly.join(' and ')} looks at 25% of the time (arXiv 2312.02741), whatever the ` +
        'coverage here says: a single window may be off, the mean over many repetitions is not. NVML has a counter of ' +
        'the whole energy, which nvidia-smi does not offer.',
    );
  }
  if (names.length > 1)
    notes.push(`The power of all ${names.length} GPUs is counted, also of those that idle.`);
  return notes;
}
