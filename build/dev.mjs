// npm run dev: the window with hot reload.

import path from 'node:path';
import { forgetBuild } from './runtime/app.mjs';
import { runHere } from './runtime/commands.mjs';
import { hasDisplay } from './runtime/display.mjs';
import { describeElectron, ensureElectron, launchArguments } from './runtime/electron.mjs';
import { Problem, note, runScript } from './runtime/messages.mjs';
import { inPackage, root } from './runtime/places.mjs';
import { ensureSqlite, nodeApiOf } from './runtime/sqlite.mjs';
import { ensureSystemLibraries } from './runtime/systemLibraries.mjs';

await runScript(async () => {
  if (!hasDisplay()) {
    throw new Problem(
      'There is no display to open a window on. Set DISPLAY, or use the command line: npm run lab',
    );
  }
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiOf(electron)]);
  note(`developing on ${describeElectron(electron)}.`);
  forgetBuild();
  return runHere(process.execPath, [
    inPackage('electron-vite', 'bin', 'electron-vite.js'),
    'dev',
    '--config',
    path.join(root, 'build', 'electron.vite.config.ts'),
    ...(launchArguments().length > 0 ? ['--noSandbox'] : []),
    // What follows belongs to the app: npm run dev -- --data ./lab
    '--',
    ...process.argv.slice(2),
  ]);
});
