import { expect, test } from 'vitest';
import { commandOf, findCommands, type Command } from './useCommands.ts';

const made = (title: string, more: Partial<Command> = {}): Command => ({
  id: title,
  group: 'Do',
  title,
  ...more,
});
const COMMANDS = [
  made('Cerebral palsy', { hint: 'no hint' }),
  made('Global alarm', { keys: 'K' }),
  made('Alpaca, davinci outputs', { group: 'Workload', hint: 'alpaca-davinci' }),
  made('undo', { id: 'undo', keys: 'Z' }),
  made('redo', { id: 'redo', keys: '⇧Z' }),
  made('λ (lambda)', { group: 'Word', hint: 'weighs energy against time, à la carte' }),
];
const titles = (typed: string): string[] => findCommands(COMMANDS, typed).map(({ title }) => title);

test('beginnings of words come first, second lines last', () => {
  expect(titles('al')).toEqual(['Global alarm', 'Alpaca, davinci outputs', 'Cerebral palsy']);
  expect(titles('hint')).toEqual(['Cerebral palsy']);
});

test('every word must be there, in any order, without regard to accents and case', () => {
  expect(titles('Davinci ALPACA')).toEqual(['Alpaca, davinci outputs']);
  expect(titles('workload')).toEqual(['Alpaca, davinci outputs']);
  expect(titles('a la carte')).toEqual(['λ (lambda)']);
  expect(titles('λ')).toEqual(['λ (lambda)']);
  expect(titles('alpaca mistral')).toEqual([]);
  expect(titles('  ')).toHaveLength(COMMANDS.length);
});

const press = (key: string, { shift = false, control = true, alt = false, text = false } = {}) =>
  commandOf({ key, shiftKey: shift, ctrlKey: control, metaKey: false, altKey: alt }, COMMANDS, text)?.id;

test('keys are told apart by Shift, and undo in a text field is the field’s', () => {
  expect([press('k'), press('z'), press('Z', { shift: true })]).toEqual(['Global alarm', 'undo', 'redo']);
  expect([press('k', { control: false }), press('k', { alt: true }), press('x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([press('z', { text: true }), press('k', { text: true })]).toEqual([undefined, 'Global alarm']);
});
