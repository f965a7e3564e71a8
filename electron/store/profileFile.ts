import { Document, isCollection, isMap, isSeq, parseDocument } from 'yaml';
import { LabError } from '#core/errors';
import { parseProfile, type Profile } from '#core/profile';
import { parseWorkload, type Workload } from '#core/workload';

/** The forms in which a profile can be written. */
export const PROFILE_FORMATS = ['yaml', 'json'] as const;
export type ProfileFormat = (typeof PROFILE_FORMATS)[number];

/**
 * Reads a profile file, YAML or JSON (which is YAML too).
 * @param where the file's name, for the message
 * @throws LabError "bad-profile" naming the file and what is wrong
 */
export function readProfileText(text: string, where: string): Profile {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw new LabError(
      'bad-profile',
      `${where} is not readable as YAML: ${oneLine(problem.message)}.`,
      'Nothing was read from it. Mend the file; profiles/README.md describes the form.',
      { cause: problem },
    );
  }
  return parseProfile(document.toJS(), where);
}

/**
 * Reads a workload file, JSON.
 * @param where the file's name, for the message
 * @throws LabError "bad-workload" naming the file and what is wrong
 */
export function readWorkloadText(text: string, where: string): Workload {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new LabError(
      'bad-workload',
      `${where} is not readable as JSON: ${oneLine(cause instanceof Error ? cause.message : String(cause))}.`,
      'Nothing was read from it. Mend the file; profiles/README.md describes the form.',
      { cause },
    );
  }
  return parseWorkload(document, where);
}

/** A profile as the text of a file, one cell a line; read again, it is the same profile. */
export function profileText(profile: Profile, format: ProfileFormat): string {
  if (format === 'json') return `${JSON.stringify(profile, null, 2)}\n`;
  const document = new Document(profile);
  document.commentBefore =
    ` ${profile.name}. Units are in the names: J is joules, S is seconds.\n` +
    ' m and n are the input and output tokens of a cell.';
  const cells = document.get('cells');
  if (isSeq(cells)) for (const cell of cells.items) if (isMap(cell)) cell.flow = true;
  const rails = document.get('rails');
  if (isCollection(rails)) rails.flow = true;
  return document.toString({ lineWidth: 0 });
}

function oneLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[:.]$/, '');
}
