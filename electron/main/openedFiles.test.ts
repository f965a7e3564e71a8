import { expect, test } from 'vitest';
import { createOpenedFiles, filesAmong } from './openedFiles.ts';

test('files among the arguments are what is no switch, and not the app itself', () => {
  const argv = ['/bin/electron', '.', '--data=/d', '--no-sandbox', 'a b.crossover', '/x/y.csv'];
  expect(filesAmong(argv, '/home', true)).toEqual(['/home/a b.crossover', '/x/y.csv']);
  expect(filesAmong(['/opt/Crossover', '--data', '/d', 'a.crossover'], '/home')).toEqual([
    '/home/a.crossover',
  ]);
  expect(filesAmong(['/opt/Crossover', 'file:///x/a%20b.crossover'], '/home')).toEqual(['/x/a b.crossover']);
  expect(filesAmong(['/opt/Crossover', '--ozone-platform=x11'], '/home')).toEqual([]);
});

test('the address of a file on another computer is left out, and does not keep the window from opening', () => {
  const argv = ['/opt/Crossover', 'file://server/share/a.crossover', 'b.crossover'];
  expect(filesAmong(argv, '/home')).toEqual(['/home/b.crossover']);
});

test('what comes before the window asks waits for it, what comes later is told', () => {
  const told: string[][] = [];
  const opened = createOpenedFiles((files) => told.push(files));
  opened.add(['a']);
  opened.add([]);
  opened.add(['b']);
  expect([opened.take(), told]).toEqual([['a', 'b'], []]);
  opened.add(['c']);
  opened.add([]);
  expect([opened.take(), told]).toEqual([[], [['c']]]);
});
