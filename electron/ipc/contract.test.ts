import { expect, test } from 'vitest';
import { events, requests } from './contract.ts';

test('the window is told of however many files the system brings, and is answered where they are too many', () => {
  const files = Array.from({ length: 201 }, (_, i) => `/x/${i}.csv`);
  expect(events.filesOpened.parse({ files })).toEqual({ files });
  expect(requests.recogniseFiles.input.safeParse(files).success).toBe(false);
});
