import type { EngineInfo, QueryRecord } from '#core/engine';

/** Runs queries of exactly m input and n output tokens. */
export interface Engine {
  readonly info: EngineInfo;
  /** process ids whose CPU energy is the engine's, where they run here and can be found; they may change */
  readonly pids: readonly number[];
  /**
   * Runs one query.
   * @param m input tokens
   * @param n output tokens, at least 1
   * @throws LabError "engine-failed" (the engine answered wrongly or died), "engine-unreachable", "interrupted"
   */
  query(m: number, n: number, options: { seed: number; signal: AbortSignal }): Promise<QueryRecord>;
  close(): Promise<void>;
}
