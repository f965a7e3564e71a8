import type { Profile } from '#core/profile';
import type { Palette } from '../composables/usePalette.ts';

/** Further systems, after the Mac and the first GPU: the Okabe-Ito colours that are left, by theme. */
const FURTHER = {
  light: ['#A66F00', '#B0578C', '#3A7FA8', '#7A6A00'],
  dark: ['#E69F00', '#CC79A7', '#56B4E9', '#F0E442'],
};

/** The systems of the bundled profiles keep their place in the list, so that a colour stays a system's own. */
const KNOWN = ['palmetto-a100', 'palmetto-v100'];

/** The colour of a system: the same on every page. */
export function systemColour(system: Profile['system'], palette: Palette): string {
  if (system.place === 'mac') return palette.mac;
  if (system.id === 'swing-a100') return palette.gpu;
  const further = palette.dark ? FURTHER.dark : FURTHER.light;
  const known = KNOWN.indexOf(system.id);
  if (known >= 0) return further[known]!;
  let hash = 0;
  for (const character of system.id) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return further[2 + (hash % 2)]!;
}

/** The second sign beside the colour: each model has its dash and its point. */
export interface Sign {
  readonly dash: readonly number[];
  readonly point: 'circle' | 'triangle' | 'rect' | 'rectRot' | 'cross';
}

const SIGNS: Record<string, Sign> = {
  'llama-2-7b': { dash: [], point: 'circle' },
  'mistral-7b': { dash: [6, 3], point: 'triangle' },
  'falcon-7b': { dash: [2, 3], point: 'rect' },
  'llama-2-13b': { dash: [8, 3, 2, 3], point: 'rectRot' },
  'llama-2-70b': { dash: [10, 4], point: 'rectRot' },
  'falcon-40b': { dash: [2, 2], point: 'rect' },
  'mixtral-8x7b': { dash: [4, 4], point: 'triangle' },
};

export function modelSign(model: Profile['model']): Sign {
  return SIGNS[model.id] ?? { dash: [5, 2, 1, 2], point: 'cross' };
}

/** Runs that are laid over one another: the first in the Mac's colour, the others in Okabe-Ito colours of no meaning. */
const RUN_COLOURS = {
  light: ['#A66F00', '#B0578C', '#7A6A00', '#5B6770'],
  dark: ['#E69F00', '#CC79A7', '#F0E442', '#B8C2CC'],
};
const RUN_SIGNS: readonly Sign[] = [
  { dash: [], point: 'circle' },
  { dash: [6, 3], point: 'triangle' },
  { dash: [2, 3], point: 'rect' },
  { dash: [8, 3, 2, 3], point: 'rectRot' },
  { dash: [4, 4], point: 'cross' },
];
/** So many runs can be told apart. */
export const MOST_RUNS = RUN_SIGNS.length;

/** How the runs of a comparison are told apart, by their place in it. */
export function runStyle(place: number, palette: Palette): Sign & { readonly colour: string } {
  const others = palette.dark ? RUN_COLOURS.dark : RUN_COLOURS.light;
  return {
    ...RUN_SIGNS[place % MOST_RUNS]!,
    colour: place === 0 ? palette.mac : others[(place - 1) % others.length]!,
  };
}
