import type { Profile, Rail } from '../profile.ts';
import { deviceOf, type Device } from './devices.ts';
import { fact } from './facts.ts';
import type { Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';
import type { Hardware } from './power.ts';
import type { Query } from './query.ts';

/** The one name that the counted rows have. */
export function oneName(
  known: readonly string[],
  queries: readonly Query[],
  what: 'system' | 'model',
): string | undefined {
  const names = new Set(queries.map((query) => query[what]).filter((name) => name !== undefined));
  if (names.size === 1) return [...names][0];
  return names.size === 0 && known.length === 1 ? known[0] : undefined;
}

/** What the energies are judged by: the device that any text about the system names, and how many there are. */
export function hardwareOf(
  readings: readonly Reading[],
  options: ImportOptions,
  { stored }: { readonly stored: readonly Profile[] },
  system: string | undefined,
  rails: readonly Rail[],
  queries: readonly Query[],
): Hardware {
  const texts = [
    options.hardware,
    system,
    fact(readings, 'device'),
    fact(readings, 'hardware'),
    fact(readings, 'system'),
    stored.find((profile) => profile.system.name === system || profile.system.label === system)?.system
      .hardware,
  ];
  let device: Device | undefined;
  for (const text of texts) device ??= text === undefined ? undefined : deviceOf(text);
  let most: number | undefined;
  for (const { source } of queries) {
    if (source.gpus === undefined) continue;
    most = Math.max(most ?? 0, Number.isFinite(source.gpus) ? source.gpus : 0);
  }
  const gpus =
    options.gpus ??
    most ??
    fact(readings, 'gpus') ??
    (rails.includes('gpu') || device?.kind === 'gpu' ? 1 : 0);
  return { device, gpus: Math.max(0, Math.round(gpus)), ratedW: options.ratedW };
}
