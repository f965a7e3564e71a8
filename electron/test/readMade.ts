/** Writes files for tests of imports and reads them as workloads, in this process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkloadRequest } from '#core/workloadImport/request';
import { readWorkload, type WorkloadReading } from '../importers/workloads/readWorkload.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export type Read = Extract<WorkloadReading, { state: 'read' }>;
export type Content = string | Uint8Array;

/** Files of their own folder, by name. */
export function madeFiles(files: Readonly<Record<string, Content>>): string[] {
  const folder = temporaryFolder();
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  });
}

export async function readAll(
  files: readonly string[],
  wishes: Omit<WorkloadRequest, 'files'> = {},
): Promise<WorkloadReading> {
  const scratch = path.join(temporaryFolder(), 'scratch');
  mkdirSync(scratch);
  return readWorkload({ files: [...files], ...wishes }, { onProgress: () => {}, scratch });
}

/** Reads a file with this content, which must be understood. */
export async function readMade(
  name: string,
  content: Content,
  wishes: Omit<WorkloadRequest, 'files'> = {},
): Promise<Read> {
  const reading = await readAll(madeFiles({ [name]: content }), wishes);
  if (reading.state !== 'read') throw new Error(reading.message);
  return reading;
}

/** The pairs of a reading as [m, n, count]. */
export function pairsOf({ pairs }: Read): number[][] {
  return Array.from({ length: pairs.length / 3 }, (_, i) => [...pairs.subarray(3 * i, 3 * i + 3)]);
}

/** What was dropped, as "count: reason". */
export function droppedOf({ workload }: Read): string[] {
  return workload.provenance?.dropped.map(({ count, reason }) => `${count}: ${reason}`) ?? [];
}

/** The kinds of the warnings. */
export function warningsOf({ workload }: Read): string[] {
  return workload.provenance?.warnings.map(({ kind }) => kind).filter((kind) => kind !== 'few-queries') ?? [];
}
