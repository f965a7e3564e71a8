import { expect, test } from 'vitest';
import { canonicalJson } from '#core/canonicalJson';
import { bundledProfile, bundledProfiles } from '../../../test/bundled.ts';
import { diagnoseContent, kindsOf, readContent } from '../../../test/diagnoseText.ts';
import { profileText } from '../../../store/profileFile.ts';

test('every profile that is exported, as YAML or JSON, is diagnosed as the same profile', async () => {
  for (const profile of bundledProfiles) {
    for (const format of ['yaml', 'json'] as const) {
      const diagnosis = await diagnoseContent(profileText(profile, format));
      expect(diagnosis.format).toBe('crossover-profile');
      expect(canonicalJson(diagnosis.profile)).toBe(canonicalJson(profile));
    }
  }
});

test('only what the user says anew is changed', async () => {
  const profile = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const text = profileText(profile, 'yaml');
  const { profile: renamed } = await diagnoseContent(text, {
    id: 'mine',
    system: 'My Mac',
    note: 'Borrowed.',
  });
  expect(renamed).toEqual({
    ...profile,
    id: 'mine',
    system: { ...profile.system, name: 'My Mac', label: 'My Mac' },
    notes: [...profile.notes, 'Borrowed.'],
  });
  expect(kindsOf(await diagnoseContent(text, { batch: 'divide' }))).toContain('no-effect');
  expect(kindsOf(await diagnoseContent(text, { id: 'Not An Id' }))).toContain('bad-profile');
});

test('two profiles in one import are of two systems, of which one has to be chosen', async () => {
  const { diagnose } = await import('#core/import/doctor');
  const readings = await Promise.all(
    ['m1-pro.llama-2-7b.sweeps', 'swing-a100.llama-2-7b.sweeps'].map((id) =>
      readContent(profileText(bundledProfile(id), 'json'), {}, id),
    ),
  );
  const diagnosis = diagnose(readings, {}, { stored: [] });
  expect(kindsOf(diagnosis)).toContain('mixed-systems');
  expect(diagnosis.profile).toBeNull();
});

test.each([
  ['a field is misspelt', (text: string) => text.replace('boundaryNote', 'boundrayNote')],
  ['it is cut off', (text: string) => text.slice(0, text.length / 2)],
  ['an energy is text', (text: string) => text.replace(/total: [\d.]+/, 'total: much')],
])('a profile in which %s is refused with a sentence', async (_what, change) => {
  const text = change(profileText(bundledProfile('m1-pro.llama-2-7b.sweeps'), 'yaml'));
  await expect(readContent(text)).rejects.toMatchObject({
    kind: 'bad-profile',
    message: expect.stringMatching(/^source is not .*\S\.$/s) as string,
  });
});

const BOMB = [
  'format: crossover-profile',
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(
    (name, i, all) =>
      `${name}: &${name} [${Array(9)
        .fill(`*${i === 0 ? 'a' : all[i - 1]}`)
        .join(', ')}]`,
  ),
].join('\n');

test.each([
  ['aliases that grow without end', BOMB],
  ['lists within lists', `format: crossover-profile\na: ${'['.repeat(100_000)}`],
  [
    'mappings within mappings',
    `format: crossover-profile\n${Array.from({ length: 5000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`,
  ],
  ['objects within objects of JSON', `{"format":"crossover-profile","a":${'{"a":'.repeat(100_000)}`],
  ['a text of megabytes', `format: crossover-profile\n${'# much ado\n'.repeat(500_000)}`],
  ['a tag that asks for more', 'format: crossover-profile\na: !!js/function "x"'],
  ['a key that is there twice', 'format: crossover-profile\nformat: crossover-profile'],
])('%s: refused with a sentence, soon', async (_what, text) => {
  await expect(readContent(text)).rejects.toMatchObject({ kind: 'bad-profile' });
});

test('a prototype cannot be smuggled in', async () => {
  await expect(
    readContent('{"format":"crossover-profile","__proto__":{"version":1},"constructor":{"prototype":{}}}'),
  ).rejects.toMatchObject({ kind: 'bad-profile' });
  expect(({} as Record<string, unknown>)['version']).toBeUndefined();
});
