import { stat } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '#core/canonicalJson';
import { LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import { queryCount, type Workload } from '#core/workload';
import { coarsened, type Pair } from '#core/workloadImport/joint';
import type {
  CheckedWorkload,
  ImportedWorkload,
  UnclearCheck,
  UnderstoodCheck,
} from '#core/workloadImport/check';
import { freeId, idOfWorkload, nameOfWorkload } from '#core/workloadImport/makeWorkload';
import { DEFAULT_TOKENIZER, workloadRequestSchema, type WorkloadRequest } from '#core/workloadImport/request';
import { runImport } from '../importers/importProcess.ts';
import type { WorkloadReading } from '../importers/workloads/readWorkload.ts';
import { sha256 } from '../store/content.ts';
import type { ReadDb } from '../store/sqlite.ts';
import {
  putImportedWorkload,
  removeImportedWorkload,
  workloadHash,
  workloadKind,
} from '../store/workloads.ts';
import type { Store } from './openStore.ts';

/** How a long import is told to stop, and tells how far it is. */
export interface WorkloadWatch {
  readonly signal?: AbortSignal;
  /** what is being done, and the share of it that is done, 0 to 1 */
  readonly onProgress?: (progress: { readonly what: string; readonly fraction: number }) => void;
}

/** Bringing workloads in from files. Every method throws LabError with what happened and what was kept. */
export interface LabWorkloads {
  /** how files are understood, and what would be imported; writes nothing */
  checkWorkload(request: unknown, watch?: WorkloadWatch): Promise<CheckedWorkload>;
  /** stores what the same request was checked as, in one transaction */
  importWorkload(
    request: unknown,
    watch?: WorkloadWatch & { readonly replace?: boolean },
  ): Promise<ImportedWorkload>;
  /** an imported one; studies keep the copy that they were computed from */
  removeWorkload(id: string): void;
  /** the workload as the text of a file, which imports again as the same */
  exportWorkload(id: string): string;
}

/** pairs of a preview; more would not be seen in a picture */
const MOST_PREVIEW = 20_000;

/**
 * @param guard turns what the database throws into LabErrors
 * @param worker the built importing process; for tests
 */
export function createLabWorkloads(options: {
  store: Store;
  guard: <T>(work: () => T) => T;
  show: (id: string) => { readonly workload: Workload };
  worker?: string | undefined;
}): LabWorkloads {
  const { store, guard, show, worker } = options;
  const db: ReadDb = store.db;
  /** The last files that were read: the window asks for them again to import what it has shown. */
  let last: { readonly key: string; readonly reading: WorkloadReading } | undefined;

  const read = async (request: WorkloadRequest, watch: WorkloadWatch): Promise<WorkloadReading> => {
    const key = await keyOf(request);
    if (last?.key === key) return last.reading;
    last = undefined;
    const reading = await runImport('readWorkload', withoutLabels(request), {
      badContent: 'bad-workload',
      ...(watch.signal === undefined ? {} : { signal: watch.signal }),
      ...(watch.onProgress === undefined ? {} : { onProgress: watch.onProgress }),
      ...(worker === undefined ? {} : { workerFile: worker }),
    });
    last = { key, reading };
    return reading;
  };

  /** The workload that would be stored, under an id that is free unless the user or the file says which. */
  const workloadOf = (
    request: WorkloadRequest,
    reading: Extract<WorkloadReading, { state: 'read' }>,
    replace: boolean,
  ): { workload: Workload; hash: string; present: string | undefined } => {
    const labelled = { ...labelledWorkload(request, reading), pairs: pairsOf(reading.pairs) };
    const hash = sha256(canonicalJson(labelled));
    const present = guard(() => workloadHash(db, labelled.id)) === hash ? labelled.id : undefined;
    const fixed = request.id !== undefined || replace || reading.source.format === 'workload';
    if (present !== undefined || fixed) return { workload: labelled, hash, present };
    const id = guard(() => freeId(labelled.id, (each) => workloadKind(db, each) !== undefined));
    if (id === labelled.id) return { workload: labelled, hash, present };
    // The same content may be there under the number that this one would get.
    for (let n = 2; ; n++) {
      const numbered = { ...labelled, id: `${labelled.id}-${n}` };
      const numberedHash = sha256(canonicalJson(numbered));
      if (guard(() => workloadHash(db, numbered.id)) === numberedHash) {
        return { workload: numbered, hash: numberedHash, present: numbered.id };
      }
      if (numbered.id === id) return { workload: numbered, hash: numberedHash, present: undefined };
    }
  };

  const checkOf = (
    reading: Extract<WorkloadReading, { state: 'read' }>,
    { workload, hash, present }: ReturnType<typeof workloadOf>,
  ): UnderstoodCheck => ({
    state: 'understood',
    ...reading.source,
    id: workload.id,
    name: workload.name,
    tokenizer: workload.tokenizer,
    tokenised: reading.tokenised,
    timeUnit: reading.timeUnit,
    rows: reading.rows,
    queries: queryCount(workload),
    pairs: workload.pairs.length,
    modelled: workload.modelled,
    dropped: workload.provenance?.dropped ?? [],
    warnings: workload.provenance?.warnings ?? [],
    percentiles: reading.percentiles,
    arrivals: workload.arrivals ?? null,
    note: workload.note,
    contentHash: hash,
    present: present ?? null,
  });

  return {
    checkWorkload: async (asked, watch = {}) => {
      const request = parseRequest(asked);
      const reading = await read(request, watch);
      if (reading.state === 'unclear') return { check: reading, preview: [] };
      const made = workloadOf(request, reading, false);
      return { check: checkOf(reading, made), preview: coarsened(made.workload.pairs, MOST_PREVIEW).pairs };
    },
    importWorkload: async (asked, { replace = false, ...watch } = {}) => {
      const request = parseRequest(asked);
      const reading = await read(request, watch);
      if (reading.state === 'unclear') throw unclearError(reading);
      const made = workloadOf(request, reading, replace);
      const check = checkOf(reading, made);
      const state = guard(() =>
        made.present === undefined ? putImportedWorkload(store.writable(), made.workload, replace) : 'same',
      );
      return { id: made.workload.id, state, check };
    },
    removeWorkload: (id) => {
      show(id);
      guard(() => removeImportedWorkload(store.writable(), id));
    },
    exportWorkload: (id) => workloadText(show(id).workload),
  };
}

/** The name, the id and the licence are the user's to say, or follow from the files' names. */
function labelledWorkload(
  request: WorkloadRequest,
  { workload, source }: Extract<WorkloadReading, { state: 'read' }>,
): Omit<Workload, 'pairs'> {
  const licence = request.licence ?? workload.licence;
  if (source.format === 'workload') {
    const id = request.id === undefined ? workload.id : idOfWorkload(request, workload.name);
    return { ...workload, id, name: request.name ?? workload.name, licence };
  }
  const name = nameOfWorkload(
    request,
    source.files.map((file) => file.name),
  );
  return { ...workload, id: idOfWorkload(request, name), name, licence };
}

function pairsOf(flat: Float64Array): Pair[] {
  return Array.from({ length: flat.length / 3 }, (_, i): Pair => [
    flat[3 * i]!,
    flat[3 * i + 1]!,
    flat[3 * i + 2]!,
  ]);
}

/** A workload as the text of a file, a pair a line; read again, it is the same workload. */
function workloadText({ pairs, ...workload }: Workload): string {
  const head = JSON.stringify(workload, null, 2).replace(/\n\}$/, '');
  return `${head},\n  "pairs": [\n${pairs.map((pair) => `    ${JSON.stringify(pair)}`).join(',\n')}\n  ]\n}\n`;
}

/** @throws LabError "bad-setting" naming what is wrong */
function parseRequest(asked: unknown): WorkloadRequest {
  const result = workloadRequestSchema.safeParse(asked);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The import cannot be done like this: ${firstIssues(result.error)}.`,
    'Nothing was written. crossover workloads import --help lists the choices.',
  );
}

function unclearError({ message, hint }: UnclearCheck): LabError {
  return new LabError('bad-workload', message, hint);
}

/**
 * What decides how files are read: which files, as they are now, and what the user says of their content.
 */
async function keyOf(request: WorkloadRequest): Promise<string> {
  const heeded = withoutLabels(request);
  const { tokenizer = DEFAULT_TOKENIZER } = heeded;
  const files = [...heeded.files, ...(tokenizer === DEFAULT_TOKENIZER ? [] : [tokenizer])];
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
  return canonicalJson([marks, heeded]);
}

/** What decides how files are read; the rest is said of the result. */
function withoutLabels(request: WorkloadRequest): WorkloadRequest {
  const { files, format, input, output, count, arrival, timeUnit, tokenizer } = request;
  return {
    files,
    ...(format === undefined ? {} : { format }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(count === undefined ? {} : { count }),
    ...(arrival === undefined ? {} : { arrival }),
    ...(timeUnit === undefined ? {} : { timeUnit }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
  };
}
