import { LabError } from '../errors.ts';
import type { Arrivals, Provenance, Workload } from '../workload.ts';
import type { Pair } from './joint.ts';
import type { WorkloadRequest } from './request.ts';

const ID = /^[a-z0-9][a-z0-9.-]*$/;

/** The name of a workload that is made from files: as asked for, or the first file's without its endings. */
export function nameOfWorkload(request: Pick<WorkloadRequest, 'name'>, files: readonly string[]): string {
  if (request.name !== undefined) return request.name;
  const [first = ''] = files;
  const stem = first.replace(/(\.(csv|tsv|txt|json|jsonl|ndjson|parquet|gz))+$/i, '').trim();
  const name = stem === '' ? 'Imported workload' : stem.slice(0, 150);
  return files.length > 1 ? `${name} and ${files.length - 1} more` : name;
}

/**
 * The id of a workload: as asked for, or its name in the letters that an id has.
 * @throws LabError "bad-setting" for an id that is none
 */
export function idOfWorkload(request: Pick<WorkloadRequest, 'id'>, name: string): string {
  if (request.id !== undefined) {
    if (ID.test(request.id)) return request.id;
    throw new LabError(
      'bad-setting',
      `"${request.id.slice(0, 100)}" cannot be an id. Nothing was written.`,
      'An id has lower-case letters, digits, dots and dashes only, as in my-trace.',
    );
  }
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'workload' : plain;
}

/** A free id: the one given, or with a number after it. */
export function freeId(id: string, taken: (id: string) => boolean): string {
  let free = id;
  for (let n = 2; taken(free); n++) free = `${id}-${n}`;
  return free;
}

/** What was read, ready to be a workload. */
export interface ReadWorkload {
  readonly pairs: Pair[];
  readonly modelled: boolean;
  readonly tokenizer: string | null;
  readonly note: string;
  readonly arrivals?: Arrivals;
  readonly provenance: Provenance;
}

/** The workload that is stored. It says nothing of when or where it was made, so that equal content is equal. */
export function makeWorkload(request: WorkloadRequest, read: ReadWorkload): Workload {
  const { files } = read.provenance;
  const names = files.map(({ name }) => name);
  const name = nameOfWorkload(request, names);
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return {
    format: 'crossover-workload',
    version: 1,
    id: idOfWorkload(request, name),
    name,
    modelled: read.modelled,
    tokenizer: read.tokenizer,
    licence: request.licence ?? 'not stated',
    source: `Imported from ${shown}`,
    upstream: files.map((file) => `${file.name}, SHA-256 ${file.sha256}`).join('; '),
    note: read.note,
    pairs: read.pairs,
    ...(read.arrivals === undefined ? {} : { arrivals: read.arrivals }),
    provenance: read.provenance,
  };
}
