/**
 * The layout of a GGUF version 3 file: a header with metadata and the table of tensors, then the tensors, each padded
 * to 32 bytes. All numbers are little-endian. Source: ggml's docs/gguf.md.
 */

/** What a stored block of weights looks like: its number in the file, weights in a block, bytes of a block. */
const BLOCKS = {
  F32: { id: 0, weights: 1, bytes: 4 },
  F16: { id: 1, weights: 1, bytes: 2 },
  /** a half-precision scale and 32 four-bit weights */
  Q4_0: { id: 2, weights: 32, bytes: 18 },
  /** a half-precision scale and 32 eight-bit weights */
  Q8_0: { id: 8, weights: 32, bytes: 34 },
} as const;

export type GgufType = keyof typeof BLOCKS;

export interface GgufTensor {
  readonly name: string;
  readonly type: GgufType;
  /** the fastest-changing one first */
  readonly dimensions: readonly number[];
}

/** A value of the metadata, with the type it is stored in. Strings are ASCII. */
export type GgufValue =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] };

export type GgufMetadata = readonly (readonly [key: string, value: GgufValue])[];

export const GGUF_ALIGNMENT = 32;

/** Bytes of one block of a type. */
export function ggufBlockBytes(type: GgufType): number {
  return BLOCKS[type].bytes;
}

/** @throws RangeError where a row does not fill whole blocks */
export function ggufTensorBytes({ name, type, dimensions }: GgufTensor): number {
  const { weights, bytes } = BLOCKS[type];
  const [row = 1, ...others] = dimensions;
  if (row % weights !== 0) throw new RangeError(`a row of ${name} does not fill whole blocks of ${weights}`);
  return others.reduce((product, length) => product * length, (row / weights) * bytes);
}

/** `bytes`, rounded up to where the next tensor may start. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / GGUF_ALIGNMENT) * GGUF_ALIGNMENT;
}

/** Everything before the first tensor's bytes, padding included. */
export function ggufHeader(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  const writer = new ByteWriter();
  writer.ascii('GGUF');
  writer.uint32(3);
  writer.uint64(tensors.length);
  writer.uint64(metadata.length);
  for (const [key, value] of metadata) {
    writer.string(key);
    writeValue(writer, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    writer.string(tensor.name);
    writer.uint32(tensor.dimensions.length);
    for (const length of tensor.dimensions) writer.uint64(length);
    writer.uint32(BLOCKS[tensor.type].id);
    writer.uint64(offset);
    offset += padded(ggufTensorBytes(tensor));
  }
  return writer.finish();
}

/** Size of the whole file that has this header and these tensors. */
export function ggufFileBytes(header: Uint8Array, tensors: readonly GgufTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + padded(ggufTensorBytes(tensor)), header.length);
}

/** The format's numbers of the types of values. */
const VALUE_IDS = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;

function writeValue(writer: ByteWriter, { type, value }: GgufValue): void {
  switch (type) {
    case 'uint32':
      writer.uint32(VALUE_IDS.uint32);
      return writer.uint32(value);
    case 'float32':
      writer.uint32(VALUE_IDS.float32);
      return writer.float32(value);
    case 'string':
      writer.uint32(VALUE_IDS.string);
      return writer.string(value);
    case 'strings':
      startArray(writer, VALUE_IDS.string, value.length);
      return value.forEach((item) => writer.string(item));
    case 'float32s':
      startArray(writer, VALUE_IDS.float32, value.length);
      return value.forEach((item) => writer.float32(item));
    case 'int32s':
      startArray(writer, VALUE_IDS.int32, value.length);
      return value.forEach((item) => writer.int32(item));
  }
}

function startArray(writer: ByteWriter, itemId: number, length: number): void {
  writer.uint32(VALUE_IDS.array);
  writer.uint32(itemId);
  writer.uint64(length);
}

/** Bytes that grow as they are written. */
class ByteWriter {
  #bytes = new Uint8Array(65_536);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  uint32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, true);
  }

  int32(value: number): void {
    const at = this.#claim(4);
    this.#view.setInt32(at, value, true);
  }

  float32(value: number): void {
    const at = this.#claim(4);
    this.#view.setFloat32(at, value, true);
  }

  uint64(value: number): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  string(text: string): void {
    this.uint64(text.length);
    this.ascii(text);
  }

  ascii(text: string): void {
    const start = this.#claim(text.length);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) throw new RangeError(`not ASCII: ${text}`);
      this.#bytes[start + at] = code;
    }
  }

  /** What was written, padded. */
  finish(): Uint8Array {
    this.#claim(padded(this.#length) - this.#length);
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room, which can replace the buffer: take the view only afterwards. */
  #claim(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
