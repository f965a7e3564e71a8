// What a bare `electron FOLDER` runs: finds the app, takes over its name and version, and imports its main file. The
// top-level await matters: Electron holds its `ready` event until the app's code has loaded.

import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(path.join(process.cwd(), 'launcher.js'));

const { modules, target } = readArguments(process.argv.slice(1));
for (const name of modules) require(name);
if (target === undefined) {
  process.stderr.write('Say which app to start: electron FOLDER\n');
  app.exit(2);
} else {
  await start(path.resolve(target));
}

/** `-r MODULE` is loaded before the app (Playwright uses it); other flags are Chromium's or the app's. */
function readArguments(args) {
  const modules = [];
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at];
    if (argument === '-r' || argument === '--require') modules.push(args[(at += 1)]);
    else if (argument.startsWith('--app=')) return { modules, target: argument.slice('--app='.length) };
    else if (!argument.startsWith('-')) return { modules, target: argument };
  }
  return { modules, target: undefined };
}

async function start(place) {
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  try {
    const entry = require.resolve(place);
    const manifestFile = path.join(place, 'package.json');
    if (existsSync(manifestFile)) {
      const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
      const name = manifest.productName ?? manifest.name;
      if (name) {
        app.setName(name);
        app.setDesktopName(`${name}.desktop`);
      }
      if (manifest.version) app.setVersion(manifest.version);
      app.setAppPath(place);
    } else {
      app.setAppPath(path.dirname(entry));
    }
    await import(pathToFileURL(entry).href);
  } catch (error) {
    process.stderr.write(`The app in ${place} could not be started.\n${error?.stack ?? error}\n`);
    app.exit(1);
  }
}
