// npm start: opens the window; what it needs is fetched and built on the first start. Where no window can be shown,
// the demonstration runs in the terminal.

import path from 'node:path';
import { ensureBuilt } from './runtime/app.mjs';
import { runHere } from './runtime/commands.mjs';
import { hasDisplay } from './runtime/display.mjs';
import { describeElectron, ensureElectron, launchArguments } from './runtime/electron.mjs';
import { Problem, note, runScript } from './runtime/messages.mjs';
import { root } from './runtime/places.mjs';
import { ensureSqlite, nodeApiOf } from './runtime/sqlite.mjs';
import { ensureSystemLibraries } from './runtime/systemLibraries.mjs';

await runScript(async () => {
  if (!hasDisplay()) {
    note('there is no display to open a window on, so the demonstration runs here in the terminal.');
    return runHere(process.execPath, [path.join(root, 'build', 'lab.mjs'), 'demo']);
  }
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  await ensureSqlite([nodeApiOf(electron)]);
  await ensureBuilt();
  note(`starting on ${describeElectron(electron)}.`);
  const code = await runHere(electron.path, [root, ...launchArguments(), ...process.argv.slice(2)]);
  if (code === 127) {
    throw new Problem(
      `${electron.path} could not be started. Delete node_modules, run npm ci, and try again.`,
    );
  }
  if (code !== 0) note(`the window ended with exit code ${code}; what it wrote above says why.`);
  return code;
});
