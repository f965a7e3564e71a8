// node make.mjs <bundle> <empty folder> <model>: makes the weights of a model. Prints JSON.

import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Made
 * @property {number} bytes of the file
 * @property {number} seconds
 * @property {number} memoryBytes most memory of this process, Node and all
 */

const [bundle = '', folder = '', model = ''] = process.argv.slice(2);
/** @param {string} name @returns {string} */
const bundled = (name) => pathToFileURL(path.join(bundle, `${name}.mjs`)).href;
/** @type {typeof import('../../../electron/core/modelShapes.ts')} */
const { parseSynthetic } = await import(bundled('shapes'));
/** @type {typeof import('../../../electron/engines/syntheticModel.ts')} */
const { ensureSynthetic } = await import(bundled('weights'));

const began = performance.now();
const file = await ensureSynthetic(parseSynthetic(model), folder, { signal: new AbortController().signal });
/** @type {Made} */
const made = {
  bytes: statSync(file).size,
  seconds: (performance.now() - began) / 1000,
  memoryBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(JSON.stringify(made));
