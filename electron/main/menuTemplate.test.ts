import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import type { RecentFiles } from '#core/recentFile';
import { menuTemplate, type Command } from './menuTemplate.ts';

const recent: readonly RecentFiles[] = [
  { id: 'r1', kind: 'study', paths: ['/somewhere/this & that.crossover'] },
];

function menus(mac: boolean, files: readonly RecentFiles[] = recent) {
  const commands: Command[] = [];
  let paper = 0;
  const template = menuTemplate({
    command: (command) => commands.push(command),
    openPaper: () => (paper += 1),
    recent: files,
    mac,
  });
  return { template, commands, papers: () => paper };
}

const under = (item: MenuItemConstructorOptions): MenuItemConstructorOptions[] =>
  (item.submenu as MenuItemConstructorOptions[] | undefined) ?? [];

/** Every item that is no menu itself. */
const leaves = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => (item.submenu === undefined ? [item] : leaves(under(item))));

describe('the menus of a Mac', () => {
  const { template } = menus(true);

  test('begin with the one of the application, which has Quit', () => {
    expect(template[0]).toEqual({ role: 'appMenu' });
    const file = template.find(({ label }) => label === '&File')!;
    expect(under(file).at(-1)).toEqual({ role: 'close' });
    expect(leaves(template).some(({ role }) => role === 'quit')).toBe(false);
  });

  test('have what text fields need, a Window and a Help menu', () => {
    const roles = leaves(template).map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['cut', 'copy', 'paste', 'selectAll', 'togglefullscreen']));
    expect(template.map(({ role }) => role)).toEqual(expect.arrayContaining(['windowMenu', 'help']));
  });

  test('say and do what those of other systems do, apart from closing', () => {
    const other = menus(false);
    const words = (items: readonly MenuItemConstructorOptions[]) =>
      leaves(items)
        .map(({ label, accelerator }) => [label, accelerator])
        .filter(([label]) => label !== undefined);
    expect(words(template)).toEqual(words(other.template));
    const file = other.template.find(({ label }) => label === '&File')!;
    expect(other.template[0]).toBe(file);
    expect(under(file).at(-1)).toEqual({ role: 'quit' });
  });
});

test('every item has a role, or a name and something that it does', () => {
  for (const item of leaves(menus(false).template)) {
    if (item.type === 'separator' || item.role !== undefined) continue;
    expect(item.label, JSON.stringify(item)).toBeTruthy();
    expect(item.click, item.label).toBeTypeOf('function');
  }
});

test('what is pressed tells the window exactly one thing, each another', () => {
  const { template, commands, papers } = menus(true);
  const pressed = leaves(template).filter(({ click }) => click !== undefined);
  for (const { click } of pressed) click!(undefined as never, undefined, undefined as never);
  expect(papers()).toBe(1);
  expect(commands).toHaveLength(pressed.length - 1);
  expect(new Set(commands.map((command) => JSON.stringify(command))).size).toBe(commands.length);
});

test('no two items have the same keys', () => {
  const keys = leaves(menus(true).template).flatMap(({ accelerator }) => accelerator ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});

test('recent files are named as they are, and there is nothing to press without any', () => {
  const openRecent = (files: readonly RecentFiles[]) => {
    const file = menus(false, files).template.find(({ label }) => label === '&File')!;
    return under(file).find(({ label }) => label === 'Open Recent')!;
  };
  expect(under(openRecent(recent))[0]!.label).toBe('this && that.crossover');
  expect(openRecent(recent).enabled).toBe(true);
  expect(openRecent([]).enabled).toBe(false);
});
