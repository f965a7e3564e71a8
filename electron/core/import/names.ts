import { BOUNDARIES, type Boundary, type Profile, type Rail } from '../profile.ts';
import { deviceOf } from './devices.ts';

/** A text as part of an id: lower-case letters, digits, dots and dashes. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/\((?:r|tm)\)/g, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
    .replace(/[-.]+$/, '');
}

/** What publishers put behind the name of a model without changing its shape. */
const TUNINGS = /[-_. ](?:chat|hf|instruct|it|base|v\d+(?:\.\d+)*|gguf|awq|gptq|fp16|bf16)$/;

/**
 * The model that a name means: one that a stored profile has, where the name is its own but for the publisher and the
 * tuning, so that "meta-llama/Llama-2-7b-chat-hf" is compared with "Llama-2 7B".
 */
export function modelOf(name: string, known: readonly Profile['model'][]): Profile['model'] {
  const bare = name.trim().split('/').at(-1)!;
  let id = slug(bare);
  for (;;) {
    const found = known.find((model) => model.id === id || slug(model.name) === id);
    if (found !== undefined) return found;
    const shorter = id.replace(TUNINGS, '');
    if (shorter === id) break;
    id = shorter;
  }
  return { id: slug(bare) || 'model', name: bare === '' ? name : bare };
}

/** The system that a name means: one that a stored profile has by that name, else a new one. */
export function systemOf(
  name: string,
  known: readonly Profile['system'][],
  told: {
    readonly place?: Profile['system']['place'] | undefined;
    readonly hardware?: string | undefined;
    /** what is known of the hardware where neither the user nor a stored profile tells */
    readonly otherwise?: string | undefined;
  },
): Profile['system'] {
  const id = slug(name) || 'system';
  const found = known.find(
    (system) => system.id === id || slug(system.name) === id || slug(system.label) === id,
  );
  const hardware = told.hardware ?? found?.hardware ?? told.otherwise ?? 'not stated';
  return {
    id,
    name: found?.name ?? name,
    label: found?.label ?? name,
    place: told.place ?? found?.place ?? placeOf(`${name} ${hardware}`),
    hardware,
  };
}

/** Where a system stands, by what it is called. */
export function placeOf(text: string): Profile['system']['place'] {
  const device = deviceOf(text);
  if (device !== undefined) return device.kind === 'soc' ? 'mac' : 'gpu';
  if (/\b(?:mac|macbook|imac|mac ?mini|apple)\b/i.test(text)) return 'mac';
  return /\b(?:gpu|gpus|nvidia|cuda|geforce|tesla|dgx|instinct)\b/i.test(text) ? 'gpu' : 'other';
}

/** The boundary that some rails make up; that which the user says stands above it. */
export function boundaryOf(
  rails: readonly Rail[],
  place: Profile['system']['place'],
  told?: Boundary,
): Boundary {
  if (told !== undefined) return told;
  const has = (...wanted: Rail[]): boolean => wanted.some((rail) => rails.includes(rail));
  const found: Boundary = has('wall')
    ? 'wall'
    : has('machine')
      ? 'machine'
      : place === 'mac' && has('package', 'ane', 'dram')
        ? 'soc'
        : has('cpu', 'package', 'dram')
          ? 'gpu+cpu'
          : 'gpu';
  return BOUNDARIES.includes(found) ? found : 'machine';
}
