import { expect, test } from 'vitest';
import { paperOf } from './reportFormat.ts';

test.each([
  ['en-US', 'Letter'],
  ['en-CA', 'Letter'],
  ['fr-CA', 'Letter'],
  ['es-MX', 'Letter'],
  ['en-GB', 'A4'],
  ['en', 'A4'],
  ['de-DE', 'A4'],
  ['fr-FR', 'A4'],
  ['es-ES', 'A4'],
])('a PDF for %s is made for %s', (language, paper) => expect(paperOf(language)).toBe(paper));
