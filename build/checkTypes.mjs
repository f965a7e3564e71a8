// npm run check:types: every TypeScript project, two at a time.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { runQuietly } from './runtime/commands.mjs';
import { note, runScript } from './runtime/messages.mjs';
import { inPackage, root } from './runtime/places.mjs';

const projects = ['renderer', 'electron', 'electron/core', 'e2e', 'build'].filter((folder) =>
  existsSync(path.join(root, folder, 'tsconfig.json')),
);

await runScript(async () => {
  const waiting = [...projects];
  /** @type {string[]} */
  const wrong = [];
  const work = async () => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      if (!(await isSound(project))) wrong.push(project);
    }
  };
  await Promise.all([work(), work()]);
  if (projects.length === 0)
    note('there is no TypeScript project to check; a folder with a tsconfig.json is one.');
  if (wrong.length > 0) note(`types are wrong in: ${wrong.join(', ')}.`);
  return wrong.length > 0 || projects.length === 0 ? 1 : 0;
});

/**
 * Checks one project and shows what is wrong with it.
 * @param {string} project
 * @returns {Promise<boolean>}
 */
async function isSound(project) {
  const { code, output } = await runQuietly(process.execPath, [
    inPackage('vue-tsc', 'bin', 'vue-tsc.js'),
    '--noEmit',
    // What has not changed since the last time is not checked again.
    '--incremental',
    '--tsBuildInfoFile',
    path.join(root, 'out', 'types', `${project.replaceAll('/', '-')}.tsbuildinfo`),
    '--project',
    path.join(project, 'tsconfig.json'),
  ]);
  if (code !== 0) process.stderr.write(`${project}:\n${output}`);
  return code === 0;
}
