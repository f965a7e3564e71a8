/** For tests: what stands in for powermetrics, as a real process. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ELAPSED_NS, plist } from '../meters/fixtures/powermetrics.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const INTERVAL_MS = 100;
/** Larger than a pipe: a sample that nobody reads holds the program up, as a real one does. */
const OTHERS = 100;

/**
 * A program that does what powermetrics does, every 0.1 s: it samples, writes, waits where nobody reads, and then
 * tells the time since its last sample. The CPU's power in W is the end of the sample in s on the monotonic clock, the
 * ANE's is 1 W, so that a test can see when a sample really was.
 * @param busyS CPU time that it takes before its first sample, s
 */
export function standInPowermetrics({ busyS = 0 }: { readonly busyS?: number } = {}): string {
  const folder = temporaryFolder();
  const file = path.join(folder, 'powermetrics');
  const sample = path.join(folder, 'sample');
  writeFileSync(
    sample,
    plist({ cpuMw: 5000, others: OTHERS }).replace(
      '<key>ane_power</key><real>0<',
      '<key>ane_power</key><real>1000<',
    ),
  );
  writeFileSync(
    file,
    `#!${process.execPath}
const { readFileSync, writeSync } = require('node:fs');
if (process.argv[2] === '-h') {
  console.log('    ane_power         dedicated rail of the ANE');
  process.exit();
}
const form = readFileSync(${JSON.stringify(sample)}, 'utf8');
const write = (text) => {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
};
while (process.cpuUsage().user < ${busyS * 1e6});
const rest = new Int32Array(new SharedArrayBuffer(4));
let last = process.hrtime.bigint();
for (let first = true; ; first = false) {
  Atomics.wait(rest, 0, 0, ${INTERVAL_MS});
  const now = process.hrtime.bigint();
  const text = form
    .replace('<integer>${ELAPSED_NS}</integer>', '<integer>' + (now - last) + '</integer>')
    .replace('<real>5000</real>', '<real>' + Number(now) / 1e6 + '</real>');
  last = now;
  write((first ? '' : '\\0') + text);
}
`,
  );
  chmodSync(file, 0o755);
  return file;
}
