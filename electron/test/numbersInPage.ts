/** Every number that a page shows, with the element that it stands in and the link that it belongs to. */

/** An element that is open where a text stands. */
export interface OpenElement {
  readonly name: string;
  readonly id: string | undefined;
  readonly classes: readonly string[];
  readonly href: string | undefined;
}

/** A text of a page with the elements around it, the outermost first. */
export interface PageText {
  readonly text: string;
  readonly within: readonly OpenElement[];
}

const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input']);
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** Reads HTML or SVG that is well formed, as the report writes it. @throws Error where an element is not closed */
export function textsOf(page: string): PageText[] {
  const texts: PageText[] = [];
  const open: OpenElement[] = [];
  const body = page.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, '').replace(/<!doctype[^>]*>/i, '');
  for (const [piece, closing, name, attributes = '', own] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*?)(\/?)>|[^<]+/gi,
  )) {
    if (name === undefined) {
      const text = piece.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!);
      texts.push({ text, within: [...open] });
    } else if (closing === '/') {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}>`);
    } else if (own !== '/' && !VOID.has(name)) {
      const attribute = (key: string): string | undefined =>
        new RegExp(`\\s${key}="([^"]*)"`).exec(attributes)?.[1];
      open.push({
        name,
        id: attribute('id'),
        classes: attribute('class')?.split(' ') ?? [],
        href: attribute('href'),
      });
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return texts;
}

/** The numbers in a text that are none of a name's: with no letter beside them. */
export function numbersIn(text: string): string[] {
  return (
    text
      .replace(/[\p{L}_][\p{L}\p{N}_]*(?:[-.][\p{L}\p{N}_]+)*|\p{N}+[\p{L}_][\p{L}\p{N}_]*/gu, ' ')
      .match(/\d+(?:[.,]\d+)*/g) ?? []
  );
}
