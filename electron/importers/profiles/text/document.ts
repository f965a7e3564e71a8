import { parseDocument } from 'yaml';
import { LabError } from '#core/errors';
import { jsonDepth, DEEPEST, parseJson } from './json.ts';

/** characters of a document in YAML: its reader is thorough and slow */
const LONGEST_YAML = 4 * 1024 * 1024;
/** so often may an alias be written out */
const MOST_ALIASES = 100;

/**
 * Reads a document that may be anything, YAML or JSON, with limits to its length, its depth and what its aliases grow
 * to. Nothing in it is carried out: no tag makes an object.
 * @throws LabError "bad-profile" naming the file and what is wrong
 */
export function readDocument(name: string, text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return parseJson(text, name);
    } catch (thrown) {
      // JSON-like texts can be YAML.
      if (thrown instanceof LabError) throw thrown;
    }
  }
  if (text.length > LONGEST_YAML) {
    throw new LabError(
      'bad-profile',
      `${name} has ${text.length.toLocaleString('en-US')} characters, too many for a document in YAML.`,
      'Nothing was imported. Bring it as JSON, or a table as CSV.',
    );
  }
  if (jsonDepth(text) > DEEPEST) throw unreadable(name, `it is nested more than ${DEEPEST} levels deep`);
  try {
    const document = parseDocument(text, { uniqueKeys: true, schema: 'core', logLevel: 'error' });
    const [problem] = document.errors;
    if (problem !== undefined) throw unreadable(name, problem.message.split('\n')[0]!);
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    // Too many aliases, or nested deeper than the reader can follow.
    const reason = thrown instanceof RangeError ? 'it is nested too deep' : (thrown as Error).message;
    throw unreadable(name, reason);
  }
}

function unreadable(name: string, reason: string): LabError {
  return new LabError(
    'bad-profile',
    `${name} is not readable as YAML: ${reason.slice(0, 300).replace(/[\s:.]+$/, '')}.`,
    'Nothing was imported. Mend the file; profiles/README.md describes the form of a profile.',
  );
}
