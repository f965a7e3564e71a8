import { expect, test } from 'vitest';
import { ggufFileBytes, ggufHeader, ggufTensorBytes, padded } from './gguf.ts';

const tensors = [
  { name: 'a', type: 'Q4_0', dimensions: [64, 3] },
  { name: 'b', type: 'F32', dimensions: [5] },
] as const;

test('a tensor takes whole blocks', () => {
  expect(ggufTensorBytes({ name: 'x', type: 'Q4_0', dimensions: [64, 3] })).toBe(2 * 18 * 3);
  expect(ggufTensorBytes({ name: 'x', type: 'Q8_0', dimensions: [32, 10] })).toBe(34 * 10);
  expect(ggufTensorBytes({ name: 'x', type: 'F16', dimensions: [7, 2] })).toBe(28);
  expect(() => ggufTensorBytes({ name: 'x', type: 'Q8_0', dimensions: [33] })).toThrow(RangeError);
});

test('the header is laid out as the format says', () => {
  const header = ggufHeader([['k', { type: 'uint32', value: 7 }]], tensors);
  const view = new DataView(header.buffer);
  expect(String.fromCharCode(...header.slice(0, 4))).toBe('GGUF');
  expect(view.getUint32(4, true)).toBe(3);
  expect([view.getBigUint64(8, true), view.getBigUint64(16, true)]).toEqual([2n, 1n]);
  // the key's length and text, the value's type and the value
  expect([
    view.getBigUint64(24, true),
    header[32],
    view.getUint32(33, true),
    view.getUint32(37, true),
  ]).toEqual([1n, 'k'.charCodeAt(0), 4, 7]);
  // the first tensor: name, two dimensions, type 2, at the start
  expect([view.getBigUint64(41, true), header[49], view.getUint32(50, true)]).toEqual([
    1n,
    'a'.charCodeAt(0),
    2,
  ]);
  expect([view.getBigUint64(54, true), view.getBigUint64(62, true)]).toEqual([64n, 3n]);
  expect([view.getUint32(70, true), view.getBigUint64(74, true)]).toEqual([2, 0n]);
  // the second starts where the first ends, padded: 108 bytes become 128
  expect([view.getUint32(103, true), view.getBigUint64(107, true)]).toEqual([0, 128n]);
  expect(header.length % 32).toBe(0);
});

test('the file is its header and its padded tensors', () => {
  const header = ggufHeader([], tensors);
  expect(ggufFileBytes(header, tensors)).toBe(header.length + 128 + 32);
  expect([padded(0), padded(1), padded(32)]).toEqual([0, 32, 32]);
});

test('a vocabulary larger than the first buffer is written whole', () => {
  const value = Array.from({ length: 20_000 }, (_, id) => `piece${id}`);
  const header = ggufHeader([['tokens', { type: 'strings', value }]], []);
  const text = new Array<string>();
  for (const code of header.slice(-40)) text.push(String.fromCharCode(code));
  expect(text.join('')).toContain('piece19999');
});

test('text that is not ASCII is refused rather than cut', () => {
  expect(() => ggufHeader([['name', { type: 'string', value: 'é' }]], [])).toThrow(RangeError);
});
