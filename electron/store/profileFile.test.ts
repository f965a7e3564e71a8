import { expect, test } from 'vitest';
import { bundledProfiles, bundledProfile } from '../test/bundled.ts';
import { labErrorOf } from '../test/thrown.ts';
import { profileFromRun } from '#core/runProfile';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { canonicalJson, sha256 } from './content.ts';
import { PROFILE_FORMATS, profileText, readProfileText, readWorkloadText } from './profileFile.ts';

test('every profile that is written as a file is read again as the same profile', () => {
  for (const profile of bundledProfiles) {
    expect(readProfileText(profileText(profile, 'yaml'), 'it')).toEqual(profile);
    expect(readProfileText(profileText(profile, 'json'), 'it')).toEqual(profile);
  }
});

test('the values of trials are written and read again, whatever the form', () => {
  const profile = profileFromRun(
    madeRun(),
    [1, 2, 3].map((index) =>
      madeTrial({ index, energyJ: { cpu: index / 3, gpu: 8 + index / 7 }, aboveIdleJ: { gpu: index / 9 } }),
    ),
  )!;
  expect(profile.cells[0]!.trialValues).toHaveLength(3);
  for (const format of PROFILE_FORMATS) {
    const again = readProfileText(profileText(profile, format), 'it');
    expect(sha256(canonicalJson(again))).toBe(sha256(canonicalJson(profile)));
  }
  expect(
    profileText(profile, 'yaml')
      .split('\n')
      .filter((line) => line.startsWith('  - { m: ')),
  ).toHaveLength(1);
});

test('a YAML file has one cell a line', () => {
  const profile = bundledProfile('m1-pro.llama-2-7b.sweeps');
  const lines = profileText(profile, 'yaml').split('\n');
  expect(lines.filter((line) => line.startsWith('  - { m: '))).toHaveLength(profile.cells.length);
});

test('a broken file is named with what is wrong in it', () => {
  const error = labErrorOf(() => readProfileText('name: [unclosed', 'my.yaml'));
  expect(error.kind).toBe('bad-profile');
  expect(error.message).toMatch(/^my\.yaml is not readable as YAML: .*line 1/);
  expect(labErrorOf(() => readProfileText('name: Only a name', 'my.yaml')).message).toContain('format');
  expect(labErrorOf(() => readProfileText('', 'my.yaml')).kind).toBe('bad-profile');
  expect(labErrorOf(() => readWorkloadText('{', 'my.json'))).toMatchObject({
    kind: 'bad-workload',
    message: expect.stringContaining('my.json is not readable as JSON') as string,
  });
  expect(labErrorOf(() => readWorkloadText('{}', 'my.json')).kind).toBe('bad-workload');
});
