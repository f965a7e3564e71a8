import type { Palette } from '../composables/usePalette.ts';

/** Offers the chart inside an element as a PNG file, on the panel's colour. */
export function savePng(frame: HTMLElement | null, name: string, palette: Palette): void {
  const canvas = frame?.querySelector('canvas');
  if (!canvas) return;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const ctx = copy.getContext('2d');
  if (ctx === null) return;
  ctx.fillStyle = palette.panel;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(canvas, 0, 0);
  const link = document.createElement('a');
  link.href = copy.toDataURL('image/png');
  link.download = `${name.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^-+|-+$/g, '') || 'chart'}.png`;
  link.click();
}
