/** What runs need around them: where they are kept, what measures them, what they ask of the computer. */
import type { EnergySample } from '#core/meter';
import type { Environment, Run, RunEvent, RunState } from '#core/run';
import type { profileFromRun } from '#core/runProfile';
import type { Trial } from '#core/trial';
import type { AskedEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import type { Meter } from '../meters/meter.ts';
import type { PowerReader } from './watchman.ts';

/** Where runs are kept. */
export interface RunStore {
  create(run: Run): void;
  update(id: string, changes: { state?: RunState; endedAt?: string | undefined; truth?: Run['truth'] }): void;
  find(id: string): Run | undefined;
  trials(id: string): readonly Trial[];
  putTrial(id: string, trial: Trial): void;
  putEvent(id: string, event: RunEvent): void;
  events(id: string): readonly RunEvent[];
  /** where the run's clock stands: behind everything that it has, s */
  endS(id: string): number;
  samples(id: string): { push(samples: readonly EnergySample[]): void; flush(): void; close(): void };
  putProfile(profile: NonNullable<ReturnType<typeof profileFromRun>>, run: string): void;
}

export interface RunSurroundings {
  readonly store: RunStore;
  readonly modelFolder: string;
  readonly openEngine: (asked: AskedEngine) => Promise<Engine>;
  readonly chooseMeter: (asked: string, pids: readonly number[]) => Promise<Meter>;
  /** another meter to compare this one with, where that is due and one is there */
  readonly companionOf?: (meter: Meter, environment: Environment) => Promise<Meter | undefined>;
  readonly clock: () => number;
  readonly now: () => Date;
  readonly environment: () => Promise<Environment>;
  readonly powerState: PowerReader;
  /** of the heartbeat that notices sleep, s; the clock where no test makes its own time */
  readonly beatClock?: () => number;
  readonly lookEveryMs?: number;
  /** keeps the computer awake until called */
  readonly keepAwake: () => (() => void) | undefined;
}
