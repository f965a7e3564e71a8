import { canonicalJson, sha256 } from './content.ts';

/** What tells a table's columns from those of others: their names in their order. */
export function mappingSignature(names: readonly string[]): string {
  return sha256(canonicalJson(names));
}
