import { z } from 'zod';
import { FILE_KINDS } from './fileKind.ts';

/** So many are remembered. */
export const MOST_RECENT_FILES = 10;

/** Files that were brought in together, or a report that was saved. */
export const recentFilesSchema = z.strictObject({
  /** what they are asked for by */
  id: z.string(),
  /** full paths; several where they were brought in together */
  paths: z.array(z.string()).min(1),
  kind: z.enum([...FILE_KINDS, 'report']),
});
export type RecentFiles = z.output<typeof recentFilesSchema>;

/** The name of a file, without its folder, on any system. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** What recent files are called: "log.csv", "log.csv and 2 more". */
export function calledRecent({ paths }: Pick<RecentFiles, 'paths'>): string {
  const [first = '', ...others] = paths.map(nameOf);
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** The folder that recent files are in. */
export function folderOf({ paths }: Pick<RecentFiles, 'paths'>): string {
  const [first = ''] = paths;
  return first.slice(0, Math.max(1, first.length - nameOf(first).length - 1));
}
