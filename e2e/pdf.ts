/** What a PDF by Chromium holds: its pages, bookmarks, figures and text, read from its objects. */
import { inflateSync } from 'node:zlib';

export interface ReadPdf {
  /** sizes of the pages, points */
  readonly pages: readonly (readonly [width: number, height: number])[];
  readonly bookmarks: readonly Bookmark[];
  /** what is drawn as a figure, by its text for those who do not see it */
  readonly figures: readonly {
    readonly alt: string;
    /** on which pages its parts lie */ readonly pages: readonly number[];
  }[];
  /** the text of each page, as `text` */
  readonly texts: readonly string[];
  /** all text, in the order in which it is drawn, without spaces: those are places between glyphs */
  readonly text: string;
  readonly tagged: boolean;
}

export interface Bookmark {
  readonly title: string;
  /** index of the page with its heading */
  readonly page: number;
  /** of the heading's upper edge above the page's lower one, points */
  readonly y: number;
}

interface PdfObject {
  readonly head: string;
  readonly stream: Buffer | undefined;
}

export function readPdf(bytes: Buffer): ReadPdf {
  const objects = objectsOf(bytes);
  const all = [...objects.values()];
  const ids = pageIds(objects);
  const pages = ids.map((id) => objects.get(id)!);
  const texts = pages.map((page) => pageText(page, objects));
  return {
    pages: pages.map(({ head }) => {
      const [, width, height] = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(head)!;
      return [Number(width), Number(height)] as const;
    }),
    bookmarks: all
      .filter(({ head }) => /\/Title\b/.test(head) && /\/Parent\b/.test(head))
      .map(({ head }) => {
        const [, page, y] = /\/Dest\s*\[\s*(\d+) 0 R\s*\/XYZ\s+[\d.-]+\s+([\d.-]+)/.exec(head)!;
        return { title: textOf('Title', head), page: ids.indexOf(Number(page)), y: Number(y) };
      })
      // Nested bookmarks are written from within.
      .sort((a, b) => a.page - b.page || b.y - a.y),
    figures: all
      .filter(({ head }) => /\/S\s*\/Figure\b/.test(head) && /\/Alt\b/.test(head))
      .map(({ head }) => ({
        alt: textOf('Alt', head),
        pages: [...pagesUnder(head, objects)].map((id) => ids.indexOf(id)),
      })),
    texts,
    text: texts.join('\n'),
    tagged: all.some(({ head }) => /\/StructTreeRoot\b/.test(head)),
  };
}

function objectsOf(bytes: Buffer): Map<number, PdfObject> {
  const raw = bytes.toString('latin1');
  const objects = new Map<number, PdfObject>();
  for (const match of raw.matchAll(/(?:^|\n)(\d+) 0 obj\b/g)) {
    const from = match.index + match[0].length;
    const end = raw.indexOf('endobj', from);
    const body = raw.slice(from, end);
    const at = body.search(/stream\r?\n/);
    const head = at < 0 ? body : body.slice(0, at);
    let stream: Buffer | undefined;
    if (at >= 0) {
      const begin = from + at + (raw.startsWith('stream\r\n', from + at) ? 8 : 7);
      const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
      const packed = bytes.subarray(begin, begin + length);
      stream = /FlateDecode/.test(head) ? inflateSync(packed) : packed;
    }
    objects.set(Number(match[1]), { head, stream });
  }
  return objects;
}

/** The numbers of the page objects, as the page tree has them. @throws Error where its counts are wrong */
function pageIds(objects: Objects): number[] {
  const root = /\/Pages\s+(\d+) 0 R/.exec(
    [...objects.values()].find(({ head }) => /\/Type\s*\/Catalog\b/.test(head))!.head,
  );
  const below = (id: number): number[] => {
    const { head } = objects.get(id)!;
    if (!/\/Type\s*\/Pages\b/.test(head)) return [id];
    const kids = /\/Kids\s*\[([^\]]*)\]/.exec(head)![1]!;
    const found = [...kids.matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => below(Number(kid)));
    const count = Number(/\/Count\s+(\d+)/.exec(head)![1]);
    if (count !== found.length) throw new Error(`the PDF says ${count} pages and has ${found.length}`);
    return found;
  };
  return below(Number(root![1]));
}

/** The numbers of the pages on which the parts of a tagged element lie. */
function pagesUnder(head: string, objects: Objects, found = new Set<number>()): Set<number> {
  for (const [, page] of head.matchAll(/\/Pg\s+(\d+) 0 R/g)) found.add(Number(page));
  const kids = /\/K\s*\[([^\]]*)\]/.exec(head)?.[1] ?? '';
  for (const [, kid] of kids.replace(/<<[\s\S]*?>>/g, '').matchAll(/(\d+) 0 R/g)) {
    pagesUnder(objects.get(Number(kid))?.head ?? '', objects, found);
  }
  return found;
}

/** A text of an object as PDF writes it: in brackets, with its own escapes, or as hexadecimal UTF-16. */
function textOf(key: 'Title' | 'Alt', head: string): string {
  const [, hex] = new RegExp(`/${key}\\s*<([0-9A-Fa-f]*)>`).exec(head) ?? [];
  const bytes =
    hex === undefined
      ? Buffer.from(
          (new RegExp(`/${key}\\s*\\(((?:\\\\[\\s\\S]|[^\\\\)])*)\\)`).exec(head)?.[1] ?? '').replace(
            /\\(\d{3}|[\s\S])/g,
            (_, code: string) => (/^\d{3}$/.test(code) ? String.fromCharCode(parseInt(code, 8)) : code),
          ),
          'latin1',
        )
      : Buffer.from(hex, 'hex');
  return bytes[0] === 0xfe && bytes[1] === 0xff
    ? Buffer.from(bytes.subarray(2)).swap16().toString('utf16le')
    : bytes.toString('latin1');
}

type Objects = ReadonlyMap<number, PdfObject>;

function pageText({ head }: PdfObject, objects: Objects): string {
  const resources = /\/Resources\s+(\d+) 0 R/.exec(head);
  const where = resources === null ? head : (objects.get(Number(resources[1]))?.head ?? '');
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  const list = /\/Font\s*<<([\s\S]*?)>>/.exec(where)?.[1] ?? '';
  for (const [, name, id] of list.matchAll(/\/(\S+)\s+(\d+) 0 R/g)) {
    const unicode = /\/ToUnicode\s+(\d+) 0 R/.exec(objects.get(Number(id))?.head ?? '');
    const map = unicode === null ? undefined : objects.get(Number(unicode[1]))?.stream;
    if (map !== undefined) fonts.set(name!, unicodeOf(map.toString('latin1')));
  }
  const content = /\/Contents\s+(\d+) 0 R/.exec(head);
  const drawn = objects.get(Number(content?.[1]))?.stream?.toString('latin1') ?? '';
  let font: ReadonlyMap<number, string> | undefined;
  let text = '';
  for (const [, name, hex] of drawn.matchAll(/\/(\S+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>/g)) {
    if (name !== undefined) font = fonts.get(name);
    else for (const [glyph] of (hex ?? '').matchAll(/.{4}/g)) text += font?.get(parseInt(glyph, 16)) ?? '';
  }
  return text.replace(/\s/g, '');
}

/** Which text each glyph stands for. */
function unicodeOf(map: string): Map<number, string> {
  const found = new Map<number, string>();
  const textOf = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const [, block] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, text] of block!.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      found.set(parseInt(glyph!, 16), textOf(text!));
    }
  }
  for (const [, block] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, text] of block!.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
    )) {
      const first = parseInt(text!, 16);
      for (let glyph = parseInt(from!, 16), i = 0; glyph <= parseInt(to!, 16); glyph++, i++) {
        found.set(glyph, String.fromCodePoint(first + i));
      }
    }
  }
  return found;
}
