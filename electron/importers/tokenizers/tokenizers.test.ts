import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { LlamaTokenizer } from 'llama-tokenizer-js';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ggufHeader, type GgufMetadata } from '#core/gguf';
import { rejectionOf } from '../../test/testMeters.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { llama2Tokenizer } from './llama2.ts';
import { openTokenizer } from './openTokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';

describe('Llama-2', () => {
  let library: LlamaTokenizer;
  let tokenizer: Tokenizer;
  beforeAll(() => {
    library = new LlamaTokenizer();
    tokenizer = llama2Tokenizer();
  });

  /*
   * Texts with the tokens that the reference tokenizer gives them, as the documentation and the tests of
   * llama-tokenizer-js publish them. An empty text is [1]: the BOS alone.
   */
  const PUBLISHED: readonly (readonly [string, readonly number[]])[] = [
    ['', [1]],
    ['Hello world!', [1, 15043, 3186, 29991]],
    ['grabbed', [1, 2646, 1327, 287]],
    [' grabbed', [1, 29871, 2646, 1327, 287]],
    ['           grabbed', [1, 9651, 2646, 1327, 287]],
    ['\n', [1, 29871, 13]],
    [' \n', [1, 259, 13]],
    ['\ttabs\t\t\t\tout here', [1, 29871, 12, 21175, 12, 12, 12, 12, 449, 1244]],
    ['ax\n####\nboo', [1, 4853, 13, 4136, 13, 833, 29877]],
    ['镇', [1, 29871, 30411]],
    ['🦙', [1, 29871, 243, 162, 169, 156]],
    ['🦙Ꙋ', [1, 29871, 243, 162, 169, 156, 237, 156, 141]],
    ['Ꙋ🦙', [1, 29871, 237, 156, 141, 243, 162, 169, 156]],
  ];
  test.each(PUBLISHED)('%j has its published number of tokens', (text, tokens) => {
    expect(tokenizer.count(text)).toBe(tokens.length);
    expect(tokenizer.countInside(text)).toBe(tokens.length - 1);
  });

  test('no piece has anything but spaces before a space, so words can be counted one by one', () => {
    expect(library.vocabById.filter((piece) => /[^\u2581]\u2581/.test(piece))).toEqual([]);
  });

  const words = fc.constantFrom(
    ...[
      'the',
      'Energy',
      ' ',
      '  ',
      '\n',
      '\t',
      '1234',
      'naïve',
      '東京',
      '…',
      '🦙',
      'don’t',
      '<s>',
      '</s>',
      '▁',
      'x_y',
      '==',
      'été',
      '镇',
      '\r\n',
      'ﷺ',
    ],
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.lorem({ maxCount: 20 }),
  );
  test('counts as the library encodes, whatever the text', () => {
    fc.assert(
      fc.property(text, (sample) => {
        // A lone surrogate is no text; the library and the counting may each see it in their own way.
        fc.pre(sample !== '' && Buffer.from(sample).toString() === sample);
        expect(tokenizer.count(sample)).toBe(library.encode(sample).length);
        expect(tokenizer.countInside(sample)).toBe(library.encode(sample, false).length);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a tokenizer.json', () => {
  /** "low" and "lower" of the pieces l, o, w, e, r, lo, low, er; a BOS is put before every text. */
  const MADE = {
    version: '1.0',
    added_tokens: [
      {
        id: 0,
        content: '<s>',
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      },
    ],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
    },
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: '<s>',
      vocab: { '<s>': 0, l: 1, o: 2, w: 3, e: 4, r: 5, lo: 6, low: 7, er: 8 },
      merges: [
        ['l', 'o'],
        ['lo', 'w'],
        ['e', 'r'],
      ],
    },
  };
  const written = (content: string): string => {
    const file = path.join(temporaryFolder(), 'tokenizer.json');
    writeFileSync(file, content);
    return file;
  };

  test('counts by its merges, with what it puts around a text', async () => {
    const tokenizer = await openTokenizer(written(JSON.stringify(MADE)));
    expect(tokenizer.name).toBe('tokenizer.json (BPE, 9 pieces)');
    expect(tokenizer.around).toBe('each with 1 special token');
    expect(tokenizer.sha256).toMatch(/^[0-9a-f]{64}$/);
    // <s>; <s> low; <s> low er; <s> l e w low
    expect(['', 'low', 'lower', 'lew low'].map((text) => tokenizer.count(text))).toEqual([1, 2, 3, 5]);
    expect(tokenizer.countInside('lower')).toBe(2);
  });

  test.each([
    ['no JSON', '{'],
    ['another document', '{"a": 1}'],
    ['a list', '[]'],
    ['an unknown model', JSON.stringify({ ...MADE, model: { type: 'Unheard of' } })],
    ['nothing', ''],
  ])('%s is refused with a sentence', async (_what, content) => {
    const error = await rejectionOf(openTokenizer(written(content)));
    expect(error.kind).toBe('bad-setting');
    expect(error.message).toMatch(
      /^tokenizer\.json cannot be used as a tokenizer: .+\. Nothing was written\.$/,
    );
  });

  test('a file that is not there is not readable', async () => {
    expect((await rejectionOf(openTokenizer(path.join(temporaryFolder(), 'gone.json')))).kind).toBe(
      'file-not-readable',
    );
  });
});

describe('the tokenizer of a GGUF', () => {
  // Set to nothing, as some shells leave it; node-llama-cpp, loaded with the first of these tests, would fail on it.
  beforeAll(() => {
    vi.stubEnv('CI', '');
    return () => vi.unstubAllEnvs();
  });

  /** The bytes, and the pieces l, o, w, lo, low, with scores as SentencePiece has them. */
  function madeGguf(changes: GgufMetadata = []): string {
    const bytes = Array.from(
      { length: 256 },
      (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    );
    const words = ['low', 'lo', 'l', 'o', 'w'];
    const pieces = ['<unk>', '<s>', '</s>', ...bytes, ...words];
    const metadata: GgufMetadata = [
      ['general.architecture', { type: 'string', value: 'llama' }],
      ['general.name', { type: 'string', value: 'Tiny' }],
      ['llama.vocab_size', { type: 'uint32', value: pieces.length }],
      ['tokenizer.ggml.model', { type: 'string', value: 'llama' }],
      ['tokenizer.ggml.pre', { type: 'string', value: 'default' }],
      ['tokenizer.ggml.tokens', { type: 'strings', value: pieces }],
      ['tokenizer.ggml.scores', { type: 'float32s', value: pieces.map((_, id) => -id) }],
      [
        'tokenizer.ggml.token_type',
        { type: 'int32s', value: pieces.map((_, id) => (id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1)) },
      ],
      ['tokenizer.ggml.bos_token_id', { type: 'uint32', value: 1 }],
      ['tokenizer.ggml.eos_token_id', { type: 'uint32', value: 2 }],
      ['tokenizer.ggml.unknown_token_id', { type: 'uint32', value: 0 }],
      ...changes,
    ];
    const file = path.join(temporaryFolder(), 'tiny.gguf');
    writeFileSync(file, ggufHeader(metadata, []));
    return file;
  }

  test('counts as llama.cpp does, from the vocabulary alone', async () => {
    const tokenizer = await openTokenizer(madeGguf());
    onTestFinished(() => tokenizer.close());
    expect(tokenizer.name).toBe("Tiny (its GGUF's own, llama, 264 pieces)");
    expect(tokenizer.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(tokenizer.around).toBe('each with a BOS token');
    // The space before a word is no piece here: it comes to the three bytes of its sign.
    expect(['', 'low', 'low low', 'lw', 'é'].map((text) => tokenizer.count(text))).toEqual([1, 5, 9, 6, 6]);
    expect(tokenizer.countInside('low')).toBe(4);
  });

  test('a file that is cut, or of another kind, is refused with a sentence', async () => {
    const whole = readFileSync(madeGguf());
    for (const bytes of [
      whole.subarray(0, 4),
      whole.subarray(0, 2000),
      Buffer.from('GGUF and nothing more of it'),
    ]) {
      const file = path.join(temporaryFolder(), 'cut.gguf');
      writeFileSync(file, bytes);
      const error = await rejectionOf(openTokenizer(file));
      expect(error.kind).toBe('bad-setting');
      expect(error.message).toMatch(
        /^The tokenizer of cut\.gguf cannot be used: .+\. Nothing was written\.$/,
      );
    }
  });
});
