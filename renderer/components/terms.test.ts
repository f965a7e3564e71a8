/** Every term of the glossary stands somewhere in the window, and the window explains no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GLOSSARY } from '#core/glossary';

const folder = fileURLToPath(new URL('../', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(`${folder}${name}`, 'utf8') }));

/** The terms that stand in templates, each with the file. */
const tips = sources.flatMap(({ name, text }) =>
  [...text.matchAll(/<(?:TermTip|QuantityText)\b[^>]*?\sterm="(\w+)"/g)].map(([, term]) => ({
    name,
    term: term!,
  })),
);
/** What is said by name in scripts that know the glossary. */
const named = sources
  .filter(({ text }) => text.includes('core/glossary') || /\bterm: '/.test(text))
  .flatMap(({ text }) => [...text.matchAll(/'(\w+)'/g)].map(([, word]) => word!));

test('the tips name terms that there are', () => {
  expect(tips.length).toBeGreaterThan(80);
  expect(tips.filter(({ term }) => !(term in GLOSSARY))).toEqual([]);
});

test('every term is explained where it stands', () => {
  const used = new Set([...tips.map(({ term }) => term), ...named]);
  expect(Object.keys(GLOSSARY).filter((term) => !used.has(term))).toEqual([]);
});

test('no tip stands within a button, which would take its press, nor within a summary, which would not open', () => {
  for (const { name, text } of sources.filter(({ name: each }) => each.endsWith('.vue'))) {
    const inside = [...text.matchAll(/<(button|summary)\b[\s\S]*?<\/\1>/g)].filter(([part]) =>
      /<(TermTip|TextTip)\b/.test(part),
    );
    expect(
      inside.map(([part]) => part),
      name,
    ).toEqual([]);
  }
});
