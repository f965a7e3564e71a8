import type { Span } from '#core/meter';
import type { Flag } from '#core/trial';

/** What the system tells about its power; see `computer/conditions.ts`. */
export type PowerReader = () => Promise<{
  readonly powerSource?: 'ac' | 'battery';
  readonly lowPowerMode?: boolean;
  readonly thermal?: string;
}>;

/** What has happened since the last look. */
export interface News {
  readonly kind: 'warning' | 'sleep';
  /** a sentence */
  readonly message: string;
}

export interface WatchmanClocks {
  /** the machine's monotonic clock, s: the one that trials are measured on */
  readonly clock: () => number;
  readonly wall: () => Date;
  /** of the heartbeat, s; the monotonic clock unless a test makes its own time */
  readonly beat?: () => number;
}

/** A jump of one clock against the other, or of both between two heartbeats, of more than this is sleep, s. */
const SLEPT_S = 5;
/** The heart beats this often, s: whatever stood still for longer slept. */
export const BEAT_S = 1;

type Cause = 'mains' | 'heat' | 'sleep';

/**
 * Looks at what would spoil trials: mains lost, heat, sleep. While one of them lasts a run is to be held; sleep is over
 * by the next look.
 *
 * Sleep shows where the wall clock runs ahead of the monotonic one, which stands still meanwhile (Linux), and where
 * that one goes on and it is the heart that has not beaten (macOS).
 */
export class Watchman {
  #began: Awaited<ReturnType<PowerReader>> = {};
  readonly #causes = new Set<Cause>();
  /** causes that the user has gone on in spite of */
  readonly #accepted = new Set<Cause>();
  #sleptS = 0;
  /** spans of the monotonic clock in which the computer slept */
  readonly #sleeps: Span[] = [];
  #seen: { clockS: number; wallS: number; beatS: number | undefined };

  constructor(
    private readonly read: PowerReader,
    private readonly clocks: WatchmanClocks,
  ) {
    this.#seen = this.#times(undefined);
  }

  async begin(): Promise<void> {
    this.#began = await this.read();
    this.#seen = this.#times(undefined);
  }

  /** To be called every `BEAT_S`. */
  beat(): void {
    this.#notice(true);
  }

  /** Whether something lasts that a run is to be held for. */
  get holds(): boolean {
    return [...this.#causes].some((cause) => !this.#accepted.has(cause));
  }

  /** The user goes on in spite of what lasts; it is not held for again until it has been over. */
  accept(): void {
    for (const cause of this.#causes) this.#accepted.add(cause);
  }

  /** What has happened since the last look; `holds` says what is to be done. */
  async look(): Promise<readonly News[]> {
    const now = await this.read();
    this.#notice(false);
    const slept = this.#sleptS;
    this.#sleptS = 0;
    const lost = this.#began.powerSource === 'ac' && now.powerSource === 'battery';
    return [
      ...this.#changed('sleep', slept > 0, {
        begins: `The computer slept for ${Math.round(slept)} s, and the run with it.`,
        ends: 'The computer is awake again, so the run goes on, with a new idle baseline.',
      }).map(({ message }): News => ({ kind: 'sleep', message })),
      ...this.#changed('mains', lost, {
        begins: 'The mains power was lost, so the run was paused: on battery the processor runs differently.',
        ends: 'The mains power is back, so the run goes on, with a new idle baseline.',
      }),
      ...this.#changed('heat', isHot(now.thermal), {
        begins: 'The computer is too hot, so the run was paused.',
        ends: 'The computer has cooled down, so the run goes on, with a new idle baseline.',
      }),
    ];
  }

  /** Flags for the trial just made, whose window is this span of the monotonic clock. */
  async flags({ startS, endS }: Span): Promise<readonly Flag[]> {
    const now = await this.read();
    this.#notice(false);
    const flags: Flag[] = [];
    if (this.#began.powerSource === 'ac' && now.powerSource === 'battery') flags.push('power-source-changed');
    if (isHot(now.thermal)) flags.push('thermal-pressure');
    if (this.#sleeps.some((sleep) => sleep.startS <= endS && sleep.endS >= startS)) flags.push('slept');
    return flags;
  }

  #changed(cause: Cause, lasts: boolean, says: { begins: string; ends: string }): News[] {
    if (lasts === this.#causes.has(cause)) return [];
    if (lasts) {
      this.#causes.add(cause);
      return [{ kind: 'warning', message: says.begins }];
    }
    this.#causes.delete(cause);
    // Who has gone on already need not be told.
    return this.#accepted.delete(cause) ? [] : [{ kind: 'warning', message: says.ends }];
  }

  /** Sees whether the computer slept since it was last seen. @param beating false outside the heart's own rhythm */
  #notice(beating: boolean): void {
    const { clockS, wallS, beatS } = this.#seen;
    const now = this.#times(beating ? 'beat' : beatS);
    const ahead = now.wallS - wallS - (now.clockS - clockS);
    const silent = beatS === undefined ? 0 : this.#beatTime() - beatS - BEAT_S;
    const sleptS = Math.max(ahead, silent);
    this.#seen = now;
    if (sleptS <= SLEPT_S) return;
    this.#sleptS += sleptS;
    this.#sleeps.push({ startS: clockS, endS: now.clockS });
    // One sleep is not to be found twice, by its silence and by the next beat.
    if (beatS !== undefined) this.#seen = { ...now, beatS: this.#beatTime() };
  }

  /** @param beatS "beat" for a beat that comes now; undefined before the first */
  #times(beatS: 'beat' | number | undefined): { clockS: number; wallS: number; beatS: number | undefined } {
    return {
      clockS: this.clocks.clock(),
      wallS: this.clocks.wall().getTime() / 1000,
      beatS: beatS === 'beat' ? this.#beatTime() : beatS,
    };
  }

  #beatTime(): number {
    return (this.clocks.beat ?? this.clocks.clock)();
  }
}

function isHot(thermal: string | undefined): boolean {
  return thermal !== undefined && !/nominal|none/i.test(thermal);
}
