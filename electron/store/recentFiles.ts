import { z } from 'zod';
import { MOST_RECENT_FILES, recentFilesSchema, type RecentFiles } from '#core/recentFile';
import type { ReadDb, WriteDb } from './sqlite.ts';

const pathsSchema = z.array(z.string());

/** Recent files, the latest first; `path` holds the paths as JSON, since files brought together belong together. */
export function listRecentFiles(db: ReadDb): RecentFiles[] {
  return db
    .prepare<[], { id: string; kind: string }>('SELECT path AS id, kind FROM recent_file ORDER BY used DESC')
    .all()
    .flatMap(({ id, kind }) => {
      const paths = pathsSchema.safeParse(JSON.parse(id));
      const found = recentFilesSchema.safeParse({ id, kind, paths: paths.data });
      return found.success ? [found.data] : [];
    });
}

/** Puts files at the head of the list, and lets go of the oldest. */
export function putRecentFiles(db: WriteDb, paths: readonly string[], kind: RecentFiles['kind']): void {
  db.transaction(() => {
    db.prepare(
      `INSERT INTO recent_file (path, kind, used)
       VALUES (?, ?, (SELECT coalesce(max(used), 0) + 1 FROM recent_file))
       ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, used = excluded.used`,
    ).run(JSON.stringify(paths), kind);
    db.prepare(
      'DELETE FROM recent_file WHERE path NOT IN (SELECT path FROM recent_file ORDER BY used DESC LIMIT ?)',
    ).run(MOST_RECENT_FILES);
  })();
}

/** Takes files off the list; without an id, all of them. */
export function dropRecentFiles(db: WriteDb, id?: string): void {
  if (id === undefined) db.exec('DELETE FROM recent_file');
  else db.prepare('DELETE FROM recent_file WHERE path = ?').run(id);
}
