import { statSync } from 'node:fs';
import path from 'node:path';
import type { ComputerReport } from '#core/computer';
import { inspect } from '../computer/inspect.ts';
import { hereReaders, type Readers } from '../computer/readers.ts';
import { embeddedIsHere } from '../engines/embedded.ts';
import { databaseVersion } from '../store/database.ts';
import { countProfiles } from '../store/profiles.ts';
import { sqliteVersion, type ReadDb } from '../store/sqlite.ts';
import { countStudies } from '../store/studies.ts';
import { countWorkloads } from '../store/workloads.ts';

/** What this computer, this runtime and this data folder can do. Without a database its counts are 0. */
export function describeComputer(
  { dataFolder, version, electron }: { dataFolder: string; version: string; electron?: string },
  db?: ReadDb,
  readers: Readers = hereReaders(),
): ComputerReport {
  const { computer, meters, engines, missing } = inspect(readers);
  const freeBytes = readers.freeBytes(existingPart(dataFolder));
  return {
    computer,
    runtime: {
      crossover: version,
      node: process.versions.node,
      ...(electron === undefined ? {} : { electron }),
      sqlite: db === undefined ? 'not loaded' : sqliteVersion(db),
      nodeApi: Number(process.versions.napi),
    },
    data: {
      folder: dataFolder,
      databaseVersion: db === undefined ? 0 : databaseVersion(db),
      profiles: db === undefined ? 0 : countProfiles(db),
      workloads: db === undefined ? 0 : countWorkloads(db),
      studies: db === undefined ? 0 : countStudies(db),
      ...(freeBytes === undefined ? {} : { freeBytes }),
    },
    meters,
    engines: engines.map((engine) =>
      engine.id === 'embedded' && !embeddedIsHere()
        ? { ...engine, available: false, why: 'This copy of Crossover came without it.' }
        : engine,
    ),
    missing,
  };
}

/** The folder itself, or the nearest one above it that exists. */
export function existingPart(folder: string): string {
  let part = path.resolve(folder);
  while (statSync(part, { throwIfNoEntry: false }) === undefined && path.dirname(part) !== part) {
    part = path.dirname(part);
  }
  return part;
}
