// A log as `nvidia-smi --query-gpu=… --format=csv -lms 100` writes it, of made-up readings.

import { closeSync, openSync, writeSync } from 'node:fs';

const header = 'timestamp, power.draw [W], utilization.gpu [%], utilization.memory [%]\n';
const portion = 20_000;

/**
 * @param {string} file
 * @param {number} bytes at least so many
 * @returns {number} its rows
 */
export function makeLog(file, bytes) {
  const handle = openSync(file, 'w');
  let written = writeSync(handle, header);
  let rows = 0;
  let timeMs = Date.UTC(2024, 3, 2, 7, 36, 21, 246);
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  while (written < bytes) {
    let text = '';
    for (let row = 0; row < portion; row += 1) {
      timeMs += 100 + Math.floor(random() * 12);
      const time = new Date(timeMs).toISOString();
      const stamp = `${time.slice(0, 10).replaceAll('-', '/')} ${time.slice(11, 23)}`;
      text += `${stamp}, ${(50 + random() * 250).toFixed(2)} W, ${Math.floor(random() * 101)} %, 12 %\n`;
    }
    written += writeSync(handle, text);
    rows += portion;
  }
  closeSync(handle);
  return rows;
}
