import { expect, test } from 'vitest';
import { missingLibraries } from './systemLibraries.mjs';

test('the libraries that ldd does not find', () => {
  const printed = [
    '\tlinux-vdso.so.1 (0x00007ffd3a5f2000)',
    '\tlibffmpeg.so => /somewhere/libffmpeg.so (0x00007f0c2c000000)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibasound.so.2 => not found',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f0c2f0d5000)',
  ].join('\n');
  expect(missingLibraries(printed)).toEqual(['libgtk-3.so.0', 'libasound.so.2']);
});

test('none, when all are there', () => {
  expect(missingLibraries('\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3b)\n')).toEqual([]);
});
