// One file, read as the importing process reads it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [bundle = '', file = ''] = process.argv.slice(2);
/** @type {typeof import('../../../electron/importers/workloads/readWorkload.ts')} */
const { readWorkload } = await import(pathToFileURL(path.join(bundle, 'readWorkload.mjs')).href);
const scratch = mkdtempSync(path.join(tmpdir(), 'crossover-bench-'));
const began = performance.now();
const reading = await readWorkload({ files: [file] }, { scratch, onProgress: () => {} });
const seconds = (performance.now() - began) / 1000;
rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
if (reading.state !== 'read') throw new Error(reading.message);
let queries = 0;
for (let i = 2; i < reading.pairs.length; i += 3) queries += reading.pairs[i] ?? 0;
const memoryMB = process.resourceUsage().maxRSS / 1000;
process.stdout.write(JSON.stringify({ seconds, memoryMB, queries, rows: reading.rows }));
