/** Which encoding a text is in, and what was made of it. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes at the beginning of a file by which its content is told. */
const MAGIC: readonly (readonly [kind: 'parquet' | 'zip' | 'gzip', bytes: readonly number[]])[] = [
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['gzip', [0x1f, 0x8b]],
];

/** What kind of content begins with these bytes; null for text. */
export function binaryKind(bytes: Uint8Array): 'parquet' | 'zip' | 'gzip' | 'other' | null {
  for (const [kind, magic] of MAGIC) if (magic.every((byte, i) => bytes[i] === byte)) return kind;
  if (wideEncoding(bytes) !== undefined) return null;
  // Control characters other than tab, line feeds, form feed and escape are in no text.
  const odd = bytes
    .subarray(0, 8192)
    .reduce((count, byte) => count + (byte < 7 || (byte > 13 && byte < 27) ? 1 : 0), 0);
  return odd > 0 ? 'other' : null;
}

/** UTF-16 with a mark, or without one where every other byte of ASCII text is 0. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 512);
  if (head.length < 16) return undefined;
  const zeros = [0, 0];
  head.forEach((byte, i) => (zeros[i % 2]! += byte === 0 ? 1 : 0));
  const most = head.length / 2;
  if (zeros[1]! > 0.9 * most && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > 0.9 * most && zeros[1] === 0) return 'utf-16be';
  return undefined;
}

/**
 * The encoding of a text by its bytes: UTF-16 by its mark or its zeros, UTF-8 where it is valid, else Windows-1252,
 * which every byte is valid in.
 * @param whole false when `bytes` is only the beginning, so that its last character may be cut
 */
export function encodingOf(bytes: Uint8Array, whole: boolean): TextEncoding {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return wide;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** Bytes as text, without a byte-order mark. */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  return new TextDecoder(encoding).decode(bytes);
}
