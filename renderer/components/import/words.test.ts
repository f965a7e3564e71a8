import { expect, test } from 'vitest';
import { inWindow } from './words.ts';

test('what to do is told without the command line, whatever the column is called', () => {
  expect(inWindow('Say the unit of the column (--column "GPU Energy (mJ)=energy:mJ:gpu").')).toBe(
    'Say the unit of the column.',
  );
  expect(inWindow('Give its tokens (--input, --output), or leave it out (--skip).')).toBe(
    'Give its tokens, or leave it out.',
  );
  expect(inWindow('Say what they were (engine, precision).')).toBe('Say what they were (engine, precision).');
});
