import { strToU8, zipSync, type Zippable, type ZipOptions } from 'fflate';

/** The same for every file, so that the same content gives the same bytes: a zip cannot do without. */
const PACKED: ZipOptions = { mtime: new Date(1980, 0, 1), level: 6, os: 3, attrs: 0o644 << 16 };

/** An entry of a zip; `open` ones are not compressed, so that they can be read in the file's bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly open?: boolean;
}

/** Files as a zip, in their order; the same files always give the same bytes. */
export function zipFiles(entries: readonly ZipEntry[]): Uint8Array {
  const files: Zippable = {};
  for (const { name, content, open = false } of entries) {
    const bytes = typeof content === 'string' ? strToU8(content) : content;
    files[name] = [bytes, open ? { ...PACKED, level: 0 } : PACKED];
  }
  return zipSync(files);
}
