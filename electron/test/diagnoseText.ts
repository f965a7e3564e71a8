/** Reads and diagnoses a source that is in memory, as the lab does with files. */
import type { Diagnosis } from '#core/import/diagnosis';
import { diagnose } from '#core/import/doctor';
import type { Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { Profile } from '#core/profile';
import { IMPORT_FORMATS, recogniseFormat } from '../importers/profiles/registry.ts';
import { memorySource } from '../importers/profiles/source.ts';
import { unknownFormat } from '../importers/profiles/unknownFormat.ts';
import { bundledProfiles } from './bundled.ts';

export async function readContent(
  content: string | Uint8Array,
  options: ImportOptions = {},
  name = 'source',
): Promise<Reading> {
  const source = memorySource(name, content);
  const format = recogniseFormat(source.head, options.format);
  if (format === undefined) throw unknownFormat(source, IMPORT_FORMATS);
  return format.read(source, options);
}

export async function diagnoseContent(
  content: string | Uint8Array,
  options: ImportOptions = {},
  stored: readonly Profile[] = bundledProfiles,
): Promise<Diagnosis> {
  return diagnose([await readContent(content, options)], options, { stored });
}

/** The kinds of the findings, in their order. */
export function kindsOf({ findings }: Pick<Diagnosis, 'findings'>): string[] {
  return findings.map(({ kind }) => kind);
}
