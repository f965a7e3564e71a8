import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** The messages of the import rules for one import statement in one (made-up) file. */
async function complaints(file: string, from: string): Promise<string[]> {
  const text = `import * as thing from '${from}';\nexport const it = thing;\n`;
  const [result] = await eslint.lintText(text, { filePath: `${root}${file}` });
  return result!.messages.filter((m) => m.ruleId === 'no-restricted-imports').map((m) => m.message);
}

const FORBIDDEN = [
  ['electron/core/made.ts', 'node:fs'],
  ['electron/core/made.ts', 'vue'],
  ['electron/core/made.ts', '../store/database.ts'],
  ['electron/core/made.ts', '../ipc/contract.ts'],
  ['electron/core/import/made.ts', 'node:fs'],
  ['electron/core/import/made.ts', '../../store/database.ts'],
  ['electron/core/import/made.ts', '../../clock.ts'],
  ['electron/ipc/made.ts', 'electron'],
  ['electron/ipc/made.ts', '../lab.ts'],
  ['electron/store/made.ts', '../lab.ts'],
  ['electron/store/made.ts', '../computer/probe.ts'],
  ['electron/store/made.ts', 'electron'],
  ['electron/computer/made.ts', '../store/database.ts'],
  ['electron/workers/made.ts', '../store/database.ts'],
  ['electron/store/made.ts', '../workers/workerPool.ts'],
  ['electron/lab.ts', './main/window.ts'],
  ['electron/lab.ts', 'electron'],
  ['electron/cli/made.ts', 'electron'],
  ['electron/cli/made.ts', 'electron/main'],
  ['electron/cli/made.ts', '../main/window.ts'],
  ['electron/main/made.ts', '../cli/index.ts'],
  ['electron/main/made.ts', '../../renderer/lab.ts'],
  ['electron/preload/made.ts', 'zod'],
  ['electron/preload/made.ts', '../store/database.ts'],
  ['renderer/made.ts', 'electron'],
  ['renderer/made.ts', 'node:fs'],
  ['renderer/pages/made.ts', '../../electron/lab.ts'],
  ['renderer/pages/made.ts', '../../electron/store/database.ts'],
] as const;

test.each(FORBIDDEN)('%s may not import %s', async (file, from) => {
  expect(await complaints(file, from)).not.toEqual([]);
});

const ALLOWED = [
  ['electron/core/made.ts', 'zod'],
  ['electron/core/made.ts', './units.ts'],
  ['electron/ipc/made.ts', '#core/errors'],
  ['electron/store/made.ts', 'better-sqlite3'],
  ['electron/store/made.ts', '#core/profile'],
  ['electron/workers/made.ts', 'highs'],
  ['electron/lab.ts', './store/database.ts'],
  ['electron/cli/made.ts', '../lab.ts'],
  ['electron/cli/made.ts', 'electron-log/node.js'],
  ['electron/main/made.ts', 'electron'],
  ['electron/main/made.ts', '../lab.ts'],
  ['electron/preload/made.ts', '#ipc/names'],
  ['renderer/pages/made.ts', '#core/study'],
  ['renderer/pages/made.ts', '../lab.ts'],
] as const;

test.each(ALLOWED)('%s may import %s', async (file, from) => {
  expect(await complaints(file, from)).toEqual([]);
});
