/**
 * What a GGUF says about its tokenizer. Read with every length checked against the file, before llama.cpp and its
 * wrapper see it: those take a broken file's lengths at their word. Source: ggml's docs/gguf.md.
 */
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

export interface GgufVocabulary {
  /** as the file calls itself */
  readonly name: string | undefined;
  /** kind of tokenizer: llama, gpt2, … */
  readonly model: string;
  readonly pieces: number;
  /** SHA-256 of everything under tokenizer.ggml */
  readonly sha256: string;
}

/** Bytes of the format's types of values; strings (8) and arrays (9) have lengths of their own. */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const STRING = 8;
const ARRAY = 9;
const CHUNK = 1 << 20;
/** Metadata has some tens of entries; a vocabulary some hundred thousand pieces. */
const MOST_ENTRIES = 10_000;
const MOST_ITEMS = 10_000_000;

/** @throws Error with a reason, such as "it ends in the middle of its metadata" */
export async function readGgufVocabulary(file: string): Promise<GgufVocabulary> {
  const handle = await open(file, 'r');
  try {
    return await vocabularyOf(new Reader(handle));
  } finally {
    await handle.close();
  }
}

async function vocabularyOf(reader: Reader): Promise<GgufVocabulary> {
  if ((await reader.bytes(4)).toString('latin1') !== 'GGUF') throw new Error('it is no GGUF');
  const version = (await reader.bytes(4)).readUInt32LE();
  if (version < 2 || version > 3) throw new Error(`it is a GGUF of version ${version}`);
  await reader.length(MOST_ITEMS);
  const entries = await reader.length(MOST_ENTRIES);
  const hash = createHash('sha256');
  let name: string | undefined;
  let model: string | undefined;
  let pieces = 0;
  for (let i = 0; i < entries; i++) {
    const key = await reader.string();
    const type = await reader.type();
    const tokenizer = key.startsWith('tokenizer.ggml.');
    if (tokenizer) hash.update(`${key}\n`);
    reader.hash = tokenizer ? hash : undefined;
    if (type === STRING) {
      const text = await reader.string();
      if (key === 'general.name') name = text;
      if (key === 'tokenizer.ggml.model') model = text;
    } else if (type === ARRAY) {
      const items = await reader.array();
      if (key === 'tokenizer.ggml.tokens') pieces = items;
    } else await reader.bytes(SIZES[type]!);
    reader.hash = undefined;
  }
  if (model === undefined || pieces === 0) throw new Error('it has no tokenizer');
  return { name, model, pieces, sha256: hash.digest('hex') };
}

/** Reads a file from its beginning, portion by portion. */
class Reader {
  /** told of every byte while it is set */
  hash: Hash | undefined;
  #buffer = Buffer.alloc(0);
  #at = 0;

  constructor(private readonly handle: FileHandle) {}

  async bytes(count: number): Promise<Buffer> {
    while (this.#buffer.length - this.#at < count) {
      const { bytesRead, buffer } = await this.handle.read(
        Buffer.alloc(Math.max(CHUNK, count)),
        0,
        Math.max(CHUNK, count),
      );
      if (bytesRead === 0) throw new Error('it ends in the middle of its metadata');
      this.#buffer = Buffer.concat([this.#buffer.subarray(this.#at), buffer.subarray(0, bytesRead)]);
      this.#at = 0;
    }
    const bytes = this.#buffer.subarray(this.#at, (this.#at += count));
    this.hash?.update(bytes);
    return bytes;
  }

  async length(most: number): Promise<number> {
    const value = (await this.bytes(8)).readBigUInt64LE();
    if (value > BigInt(most)) throw new Error('its metadata is broken');
    return Number(value);
  }

  async string(): Promise<string> {
    return (await this.bytes(await this.length(CHUNK))).toString('utf8');
  }

  async type(): Promise<number> {
    const type = (await this.bytes(4)).readUInt32LE();
    if (type >= SIZES.length) throw new Error('its metadata is broken');
    return type;
  }

  /** @returns the number of items */
  async array(depth = 0): Promise<number> {
    const type = await this.type();
    const items = await this.length(MOST_ITEMS);
    if (type === ARRAY && depth > 3) throw new Error('its metadata is broken');
    if (type !== STRING && type !== ARRAY) {
      await this.bytes(items * SIZES[type]!);
      return items;
    }
    for (let i = 0; i < items; i++) await (type === STRING ? this.string() : this.array(depth + 1));
    return items;
  }
}
