import { describe, expect, test } from 'vitest';
import { chooseElectron, standInRunsOn } from './electron.mjs';
import { standIn } from './standIn.mjs';

const wanted = '45.4.1';
const stoodIn = standIn.electronVersion;

describe('which Electron runs the app', () => {
  test('the official one, where it is complete', () => {
    expect(chooseElectron({ wanted, found: wanted, insistsOnOfficial: false })).toBe('official');
    expect(chooseElectron({ wanted, found: wanted, insistsOnOfficial: true })).toBe('official');
  });

  test('a stand-in that is in place stays', () => {
    expect(chooseElectron({ wanted, found: stoodIn, insistsOnOfficial: false })).toBe('stand-in');
  });

  test('a stand-in does not do for someone who insists on the official one', () => {
    expect(chooseElectron({ wanted, found: stoodIn, insistsOnOfficial: true })).toBe('missing');
  });

  test('an Electron of an earlier install is not taken for the pinned one', () => {
    expect(chooseElectron({ wanted, found: '44.0.0', insistsOnOfficial: false })).toBe('missing');
  });

  test('nothing there is nothing to use', () => {
    expect(chooseElectron({ wanted, found: undefined, insistsOnOfficial: false })).toBe('missing');
  });
});

test('only Linux on x64 has a stand-in', () => {
  expect(standInRunsOn('linux', 'x64')).toBe(true);
  expect(standInRunsOn('linux', 'arm64')).toBe(false);
  expect(standInRunsOn('darwin', 'x64')).toBe(false);
  expect(standInRunsOn('darwin', 'arm64')).toBe(false);
});
