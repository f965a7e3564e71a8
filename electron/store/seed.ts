import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { Profile } from '#core/profile';
import type { Workload } from '#core/workload';
import { dropUnusedContent, sha256 } from './content.ts';
import { readProfileText, readWorkloadText } from './profileFile.ts';
import { profileKind, putProfile, removeProfile } from './profiles.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { putWorkload, removeWorkload, workloadKind } from './workloads.ts';

/** What taking in the bundled files did, as ids. */
export interface SeedOutcome {
  /** new, or changed since they were last taken in */
  readonly taken: readonly string[];
  /** no longer bundled */
  readonly removed: readonly string[];
  /** left out, because an item of the user's own has that id */
  readonly skipped: readonly string[];
}

interface BundledFile {
  /** relative to the bundle, with slashes */
  readonly file: string;
  readonly item: 'profile' | 'workload';
  readonly bytes: Buffer;
  readonly hash: string;
}

type Parsed = { readonly source: BundledFile; readonly id: string } & (
  { readonly profile: Profile } | { readonly workload: Workload }
);

interface SeededRow {
  readonly file: string;
  readonly file_hash: string;
  readonly item: 'profile' | 'workload';
  readonly item_id: string;
}

/** The folder with the bundled profiles and workloads, seen from the source and from the built files alike. */
export function bundleFolder(): string {
  return path.resolve(import.meta.dirname, '..', '..', 'profiles');
}

/** Whether the bundled files have ever been taken in. */
export function isSeeded(db: ReadDb): boolean {
  return db.prepare('SELECT 1 FROM bundled_file').get() !== undefined;
}

/**
 * Brings the bundled profiles and workloads in the database in line with the bundled files. A file whose bytes
 * have not changed is not even parsed; a changed one is refreshed; an item whose file is gone is removed (studies
 * keep the content that they were computed from). An item of the user's own is never touched: where it has the id
 * of a bundled one, the bundled one is left out for as long as it is there.
 * @throws LabError "bad-profile" or "bad-workload" naming a broken file, "missing" without the files; the database
 * is then as it was before
 */
export function seed(db: WriteDb, bundle: string): SeedOutcome {
  const files = [
    ...readFolder(bundle, 'bundled', '.yaml', 'profile'),
    ...readFolder(bundle, 'workloads', '.json', 'workload'),
  ];
  const seeded = new Map(
    db
      .prepare<[], SeededRow>('SELECT file, file_hash, item, item_id FROM bundled_file')
      .all()
      .map((row) => [row.file, row]),
  );
  const changed = files.filter(({ file, hash }) => {
    const row = seeded.get(file);
    return row?.file_hash !== hash || kindOf(db, row.item, row.item_id) === undefined;
  });
  const present = new Set(files.map(({ file }) => file));
  const gone = [...seeded.values()].filter(({ file }) => !present.has(file));
  if (changed.length === 0 && gone.length === 0) return { taken: [], removed: [], skipped: [] };

  const parsed = changed.map(parse);
  refuseTwins(parsed, [...seeded.values()], present);
  return db.transaction(() => apply(db, parsed, gone, seeded))();
}

function apply(
  db: WriteDb,
  parsed: readonly Parsed[],
  gone: readonly SeededRow[],
  seeded: ReadonlyMap<string, SeededRow>,
): SeedOutcome {
  const taken: string[] = [];
  const skipped: string[] = [];
  const renamed = parsed.flatMap(({ source, id }) => {
    const row = seeded.get(source.file);
    return row !== undefined && row.item_id !== id ? [row] : [];
  });
  const removed = [...gone, ...renamed].filter((row) => kindOf(db, row.item, row.item_id) === 'bundled');
  for (const { item, item_id } of removed) (item === 'profile' ? removeProfile : removeWorkload)(db, item_id);
  for (const { file } of gone) db.prepare('DELETE FROM bundled_file WHERE file = ?').run(file);

  for (const item of parsed) {
    const { source, id } = item;
    const kind = kindOf(db, source.item, id);
    if (kind === undefined || kind === 'bundled') {
      if ('profile' in item) putProfile(db, item.profile, 'bundled');
      else putWorkload(db, item.workload, 'bundled');
      taken.push(id);
    } else {
      skipped.push(id);
    }
    db.prepare(
      `INSERT INTO bundled_file (file, file_hash, item, item_id) VALUES (?, ?, ?, ?)
       ON CONFLICT (file) DO UPDATE SET file_hash = excluded.file_hash, item = excluded.item,
         item_id = excluded.item_id`,
    ).run(source.file, source.hash, source.item, id);
  }
  dropUnusedContent(db);
  return { taken, removed: removed.map(({ item_id }) => item_id), skipped };
}

function kindOf(db: WriteDb, item: 'profile' | 'workload', id: string): string | undefined {
  return item === 'profile' ? profileKind(db, id) : workloadKind(db, id);
}

function parse(source: BundledFile): Parsed {
  const text = source.bytes.toString('utf8');
  const where = `The bundled file ${source.file}`;
  if (source.item === 'profile') {
    const profile = readProfileText(text, where);
    return { source, id: profile.id, profile };
  }
  const workload = readWorkloadText(text, where);
  return { source, id: workload.id, workload };
}

/** Two bundled files with one id would take turns. */
function refuseTwins(
  parsed: readonly Parsed[],
  seeded: readonly SeededRow[],
  present: ReadonlySet<string>,
): void {
  const changed = new Set(parsed.map(({ source }) => source.file));
  const owners = new Map(
    seeded
      .filter(({ file }) => present.has(file) && !changed.has(file))
      .map(({ file, item, item_id }) => [`${item} ${item_id}`, file]),
  );
  for (const { source, id } of parsed) {
    const key = `${source.item} ${id}`;
    const twin = owners.get(key);
    if (twin !== undefined) {
      throw new LabError(
        source.item === 'profile' ? 'bad-profile' : 'bad-workload',
        `The bundled files ${twin} and ${source.file} have the same id, ${id}. Nothing was read from them.`,
        'Give one of them another id.',
      );
    }
    owners.set(key, source.file);
  }
}

function readFolder(
  bundle: string,
  folder: string,
  ending: string,
  item: BundledFile['item'],
): BundledFile[] {
  const at = path.join(bundle, folder);
  try {
    return readdirSync(at)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => {
        const bytes = readFileSync(path.join(at, name));
        return { file: `${folder}/${name}`, item, bytes, hash: sha256(bytes) };
      });
  } catch (cause) {
    throw new LabError(
      'missing',
      `The bundled ${item}s cannot be read from ${at}. Nothing was changed.`,
      'Install Crossover again, or restore that folder.',
      { cause },
    );
  }
}
