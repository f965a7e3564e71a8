import { stat } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '#core/canonicalJson';
import { withNumbersOf } from '#core/format';
import type { Diagnosis } from '#core/import/diagnosis';
import { diagnose } from '#core/import/doctor';
import type { Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { Mapping } from '#core/import/record';
import type { Profile } from '#core/profile';
import { readFiles } from '../importers/profiles/readFiles.ts';
import {
  putTogether,
  readApart,
  type SourcesApart,
  type SourcesRead,
} from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { refuseBinary } from '../importers/profiles/unknownFormat.ts';
import { mappingSignature } from '../store/mappingSignature.ts';
import { openPowerLog } from './powerLogs.ts';

/** What is to be diagnosed, and all that the lab knows about it; plain data. */
export interface DiagnosisRequest {
  readonly files: readonly string[];
  readonly options: ImportOptions;
  /** the profiles of the lab, to look at beside */
  readonly stored: readonly Profile[];
  /** what was said of the columns of tables before, by the tables' signatures */
  readonly mappings: Readonly<Record<string, Mapping>>;
  /** the language whose number signs what is found is told with, BCP 47 */
  readonly numbers: string;
}

/** What came of it; plain data, without the rows. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  /** the options with the mapping that was saved for these columns */
  readonly options: ImportOptions;
  /** the tables that were read, by their columns */
  readonly tables: readonly { readonly signature: string; readonly columns: readonly string[] }[];
}

export interface ReadWatch {
  readonly signal?: AbortSignal;
  /** share done, 0 to 1 */
  readonly progress?: (fraction: number) => void;
  /** told when the files are read, and corrections that need no second reading will be quick */
  readonly onRead?: () => void;
}

/** Reads files and has the doctor look at them. It keeps the last files it read, for the corrections that follow. */
export interface ProfileReader {
  /**
   * @throws LabError "bad-profile" with the reason, "bad-trace", "bad-setting", "file-not-readable", "interrupted"
   */
  diagnose(request: DiagnosisRequest, watch: ReadWatch): Promise<Diagnosed>;
  /** lets go of what was read: it may be large */
  forget(): void;
}

/** Options that only the doctor looks at: changing them needs no second reading. */
const DOCTORS: ReadonlySet<string> = new Set<keyof ImportOptions>([
  'onlySystem',
  'onlyModel',
  'system',
  'model',
  'place',
  'hardware',
  'engine',
  'precision',
  'kvCache',
  'design',
  'idle',
  'idleW',
  'batch',
  'batchSize',
  'warmUp',
  'phase',
  // Heeded when what was read is put together.
  'clockShiftS',
  'id',
  'name',
  'licence',
  'note',
]);

/** Reads in this process. */
export function profileReader(): ProfileReader {
  let last: { readonly key: string; readonly apart: SourcesApart } | undefined;

  const readOnce = async (
    files: readonly string[],
    asked: ImportOptions,
    watch: ReadWatch,
  ): Promise<SourcesRead> => {
    const { signal = new AbortController().signal, progress = () => {} } = watch;
    const key = await keyOf(files, asked);
    if (last?.key !== key) {
      last = undefined;
      const apart = await readFiles(
        files,
        { signal, progress },
        (sources) => readApart(sources, asked, { formats: IMPORT_FORMATS, openPowerLog }),
        refuseBinary(IMPORT_FORMATS),
      );
      last = { key, apart };
    }
    return putTogether(last.apart, asked.clockShiftS, signal);
  };

  /** Reads the files, with the mapping that was saved for their columns where the user says nothing of them. */
  const readMapped = async (
    { files, options: asked, mappings }: DiagnosisRequest,
    watch: ReadWatch,
  ): Promise<{ read: SourcesRead; options: ImportOptions; mapped: boolean }> => {
    const read = await readOnce(files, asked, watch);
    if (asked.columns !== undefined) return { read, options: asked, mapped: false };
    const saved = Object.assign(
      {},
      ...read.readings.map((reading) => mappings[signatureOf(reading)] ?? {}),
    ) as Mapping;
    if (Object.keys(saved).length === 0) return { read, options: asked, mapped: false };
    const options = { ...asked, columns: saved };
    return { read: await readOnce(files, options, watch), options, mapped: true };
  };

  return {
    diagnose: async (request, watch) => {
      const { read, options, mapped } = await readMapped(request, watch);
      watch.onRead?.();
      const look = () =>
        diagnose(read.readings, options, {
          stored: request.stored,
          findings: [
            ...read.findings,
            ...(mapped
              ? [
                  {
                    kind: 'saved-mapping',
                    level: 'note' as const,
                    message:
                      'The columns are understood as you said of a table with the same columns before.',
                    todo: 'Say what they are to change it.',
                  },
                ]
              : []),
          ],
          beside: read.beside,
          ...(read.clock === undefined ? {} : { clock: read.clock }),
        });
      const diagnosis = withNumbersOf(request.numbers, look);
      const tables = read.readings.map((reading) => ({
        signature: signatureOf(reading),
        columns: reading.columns.map(({ name }) => name),
      }));
      return { diagnosis, options, tables };
    },
    forget: () => {
      last = undefined;
    },
  };
}

function signatureOf({ format, columns }: Reading): string {
  return mappingSignature([format.id, ...columns.map(({ name }) => name)]);
}

/**
 * What decides how files are read: which files, as they are now, and the options that reading heeds.
 * @throws LabError "file-not-readable"
 */
async function keyOf(files: readonly string[], options: ImportOptions): Promise<string> {
  const marks = await Promise.all(
    files.map(async (file) => {
      try {
        const { size, mtimeMs, ino } = await stat(file);
        return [path.resolve(file), size, mtimeMs, ino];
      } catch {
        // Reading it says what is wrong.
        return [path.resolve(file), null];
      }
    }),
  );
  const heeded = Object.entries(options).filter(([name]) => !DOCTORS.has(name));
  return canonicalJson([marks, Object.fromEntries(heeded)]);
}
