/** #rgb as #rrggbb: style sheets are written short when they are built. */
const long = (colour: string): string =>
  colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : colour;

/** Between two colours written as #rrggbb or #rgb: 0 gives the first, 1 the second. */
export function mixColours(from: string, to: string, share: number): string {
  const part = Math.min(1, Math.max(0, share));
  const read = (colour: string, at: number): number => parseInt(long(colour).slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) => Math.round(read(from, at) * (1 - part) + read(to, at) * part))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** A colour written as #rrggbb or #rgb, let through. @param opacity 0 to 1 */
export function withOpacity(colour: string, opacity: number): string {
  return `${long(colour)}${Math.round(255 * opacity)
    .toString(16)
    .padStart(2, '0')}`;
}
