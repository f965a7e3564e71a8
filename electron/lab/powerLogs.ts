import type { PowerLog, Source } from '../importers/profiles/importFormat.ts';
import { openPowerLog as open } from '../importers/profiles/power/openPowerLog.ts';
import { smiColumnsIn } from '../meters/formats/nvidiaSmi.ts';
import { recogniseTrace } from '../meters/formats/recognise.ts';
import { disjointRails } from '../meters/rails.ts';

/**
 * Opens a power log with what the meters know of them.
 * @returns undefined when the file is none
 * @throws LabError "bad-trace" when it looks like one and has no energy; "file-not-readable"; "interrupted"
 */
export function openPowerLog(source: Source): Promise<PowerLog | undefined> {
  return open(source, { recognise: recogniseTrace, smiColumns: smiColumnsIn, addUp: disjointRails });
}
