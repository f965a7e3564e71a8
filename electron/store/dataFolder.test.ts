import path from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderFrom, defaultDataFolder } from './dataFolder.ts';

test("the data folder is the one that each system gives to an app's data", () => {
  expect(defaultDataFolder('darwin', {}, '/Users/ada')).toBe(
    '/Users/ada/Library/Application Support/Crossover',
  );
  expect(defaultDataFolder('linux', {}, '/home/ada')).toBe('/home/ada/.config/Crossover');
  expect(defaultDataFolder('linux', { XDG_CONFIG_HOME: '/conf' }, '/home/ada')).toBe('/conf/Crossover');
  expect(defaultDataFolder('linux', { XDG_CONFIG_HOME: 'conf' }, '/home/ada')).toBe(
    '/home/ada/.config/Crossover',
  );
  expect(defaultDataFolder('win32', { APPDATA: 'C:\\Data' }, 'C:\\Users\\ada')).toBe('C:\\Data\\Crossover');
  expect(defaultDataFolder('win32', {}, 'C:\\Users\\ada')).toBe(
    'C:\\Users\\ada\\AppData\\Roaming\\Crossover',
  );
});

test('a folder that is asked for is made absolute', () => {
  expect(dataFolderFrom('lab')).toBe(path.resolve('lab'));
  expect(dataFolderFrom(undefined)).toBe(defaultDataFolder());
});
