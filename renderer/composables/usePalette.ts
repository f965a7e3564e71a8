import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue';

/** The colours that charts are drawn in, read from the style sheet, in the theme that is shown. */
export interface Palette {
  readonly dark: boolean;
  readonly text: string;
  readonly muted: string;
  readonly hairline: string;
  readonly panel: string;
  readonly mac: string;
  readonly gpu: string;
  readonly hybrid: string;
  readonly oracle: string;
  readonly warning: string;
  readonly font: string;
}

/** The palette of the theme that is shown; changes with it. */
export function usePalette(): Readonly<Ref<Palette>> {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const contrast = window.matchMedia('(prefers-contrast: more)');
  const palette = shallowRef(readPalette(dark.matches));
  const update = (): void => void (palette.value = readPalette(dark.matches));
  for (const media of [dark, contrast]) {
    media.addEventListener('change', update);
    onScopeDispose(() => media.removeEventListener('change', update));
  }
  return readonly(palette) as Readonly<Ref<Palette>>;
}

function readPalette(dark: boolean): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    dark,
    text: value('--text'),
    muted: value('--muted'),
    hairline: value('--hairline'),
    panel: value('--panel'),
    mac: value('--mac'),
    gpu: value('--gpu-mark'),
    hybrid: value('--hybrid-mark'),
    oracle: value('--oracle'),
    warning: value('--warning-mark'),
    font: value('--font'),
  };
}
