import type { Diagnosis } from '#core/import/diagnosis';
import type { ImportFinding, Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { ImportFormat, PowerLog, Source } from './importFormat.ts';

/** What reading needs from the lab, where the adapters meet. */
export interface ReadDeps {
  /** every format of queries */
  readonly formats: readonly ImportFormat[];
  /**
   * Opens a power log of any known form, known by its content.
   * @returns undefined when it is none
   * @throws LabError "bad-trace" when it looks like one and holds nothing; "file-not-readable"; "interrupted"
   */
  readonly openPowerLog: (source: Source) => Promise<PowerLog | undefined>;
}

/** Files that were read and put together: what the doctor judges. */
export interface SourcesRead {
  /** queries, with the energy of the power logs beside them where there were any */
  readonly readings: readonly Reading[];
  /** about the files together: clocks, rails of several logs, energy that requests share */
  readonly findings: readonly ImportFinding[];
  readonly logs: readonly PowerLog[];
  readonly clock?: NonNullable<Diagnosis['clock']>;
}

/**
 * Reads files that were brought together: queries with their energy, power logs, request logs and job descriptions.
 * Request logs get their energy from the power logs, and readings the facts of the job.
 * @throws LabError "bad-profile" with the reason when nothing in them is a query; "file-not-readable"; "interrupted"
 */
export type ReadSources = (
  sources: readonly Source[],
  options: ImportOptions,
  deps: ReadDeps,
) => Promise<SourcesRead>;
