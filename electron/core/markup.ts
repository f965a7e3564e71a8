/** HTML and SVG as text that escapes whatever is put into it: a name with "<" in it stays a name. */

/** A piece of HTML or SVG that is safe as it is. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text and numbers are escaped, pieces of markup are not; nothing is nothing. */
export type MarkupValue = string | number | Markup | undefined | readonly MarkupValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no place in HTML, except tab, line feed and carriage return. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Text as HTML, in an element or in a quoted attribute. */
export function escapeText(text: string): string {
  return text.replace(CONTROLS, '').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function written(value: MarkupValue): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return escapeText(String(value));
}

/**
 * A template tag for HTML and SVG.
 * @example markup`<b>${'a < b'}</b>`.text // '<b>a &lt; b</b>'
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(parts.map((part, i) => part + written(values[i])).join(''));
}

/**
 * A formula in plain text, with `_{…}` and `^{…}` set as subscripts and superscripts, and single letters in
 * italics, except units in square brackets.
 * @example formula('2^{k}  [J]').text // '2<sup><i>k</i></sup>  [J]'
 */
export function formula(text: string): Markup {
  const pieces = text.split(/(\[[^\]]*\]|[_^]\{[^{}]*\})/);
  return new Markup(
    pieces
      .map((piece) => {
        if (piece.startsWith('[')) return escapeText(piece);
        const script = /^([_^])\{(.*)\}$/.exec(piece);
        if (script === null) return italics(piece);
        const element = script[1] === '_' ? 'sub' : 'sup';
        return `<${element}>${italics(script[2]!)}</${element}>`;
      })
      .join(''),
  );
}

function italics(text: string): string {
  return text
    .split(/(?<!\p{L})(\p{L})(?!\p{L})/u)
    .map((piece, i) => (i % 2 === 1 && piece !== 'Σ' ? `<i>${escapeText(piece)}</i>` : escapeText(piece)))
    .join('');
}
