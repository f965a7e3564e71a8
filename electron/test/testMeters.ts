/** For tests of meters: takes samples, and makes executables that stand in for a meter's program. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { temporaryFolder } from './temporaryFolder.ts';
import type { Command } from '../meters/childMeter.ts';
import type { Meter } from '../meters/meter.ts';

/** The first samples of a meter, which is then stopped. */
export async function take(meter: Meter, count: number): Promise<EnergySample[]> {
  const stop = new AbortController();
  const samples: EnergySample[] = [];
  for await (const sample of meter.samples(stop.signal)) {
    samples.push(sample);
    if (samples.length >= count) stop.abort();
  }
  return samples.slice(0, count);
}

/** Every sample until the meter fails, and the failure. */
export async function takeAll(meter: Meter): Promise<{ samples: EnergySample[]; error: LabError }> {
  const samples: EnergySample[] = [];
  const error = await rejectionOf(
    (async () => {
      for await (const sample of meter.samples(new AbortController().signal)) samples.push(sample);
    })(),
  );
  return { samples, error };
}

/** The LabError that a promise rejects with; anything else fails the test. */
export async function rejectionOf(work: Promise<unknown>): Promise<LabError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/**
 * A program that does what a script says, in a real process.
 * @param script JavaScript with `say(text)`, `wait(ms)` and top-level await
 */
export function standInProgram(script: string): Command {
  const file = path.join(temporaryFolder(), 'program.mjs');
  writeFileSync(
    file,
    `const say = (text) => new Promise((done) => process.stdout.write(text, done));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
${script}`,
  );
  return { file: process.execPath, args: [file] };
}
