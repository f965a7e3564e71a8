#!/usr/bin/env node
// The command line: node build/lab.mjs COMMAND, or `crossover` once the package is linked. What has to be made first
// is made silently, or with a word on standard error.

import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { printPage } from './runtime/print.mjs';
import { ensureBuilt } from './runtime/app.mjs';
import { benchNames, benchText, runBenches } from './runtime/benches.mjs';
import { runScript } from './runtime/messages.mjs';
import { root } from './runtime/places.mjs';
import { ensureSqlite } from './runtime/sqlite.mjs';

await runScript(async () => {
  await ensureSqlite();
  await ensureBuilt({ orAsItIs: true });
  /** @type {{ main: (argv: string[], terminal: undefined, tools: object) => Promise<number> }} */
  const { main } = await import(pathToFileURL(path.join(root, 'out', 'cli', 'index.js')).href);
  const benches = { names: benchNames(), run: runBenches, text: benchText };
  return main(process.argv.slice(2), undefined, { print: printPage, benches });
});
