import { writeFileSync } from 'node:fs';

/**
 * Writes a made-up power log in the form of the paper's M1 Pro logs: event, ms, process impact, impact of all tasks,
 * CPU mW, GPU mW; a sample each 20 ms.
 */
export function writePowerLog(file: string, samples = 400): void {
  const rows = Array.from(
    { length: samples },
    (_, i) => `inference-A-1,20,10,10,${3000 + (i % 7)},${9000 + (i % 11)}`,
  );
  writeFileSync(file, `${rows.join('\n')}\n`);
}
