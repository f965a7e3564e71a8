import type { Flag } from '#core/trial';

/** What the system tells about its power; see `computer/conditions.ts`. */
export type PowerReader = () => Promise<{
  readonly powerSource?: 'ac' | 'battery';
  readonly lowPowerMode?: boolean;
  readonly thermal?: string;
}>;

/** The wall clock may drift from the monotonic one by this much before it means that the computer slept, s. */
const SLEPT_S = 5;

/** Looks, between trials, at what would spoil them: mains lost, heat, sleep. */
export class Watchman {
  #began: Awaited<ReturnType<PowerReader>> = {};
  #now: Awaited<ReturnType<PowerReader>> = {};
  #driftS = 0;
  #told = new Set<string>();
  /** true when what was found last should hold the run */
  hold = false;

  constructor(
    private readonly read: PowerReader,
    private readonly clock: () => number,
    private readonly wall: () => Date,
  ) {}

  async begin(): Promise<void> {
    this.#began = this.#now = await this.read();
    this.#driftS = this.#drift();
  }

  /** What has happened since the last look, as sentences; `hold` says whether to pause for it. */
  async look(): Promise<readonly string[]> {
    this.#now = await this.read();
    this.hold = false;
    const news: string[] = [];
    const drift = this.#drift();
    if (drift - this.#driftS > SLEPT_S) {
      news.push(`The computer slept for ${Math.round(drift - this.#driftS)} s; the run goes on.`);
    }
    this.#driftS = drift;
    this.#once(
      'mains',
      this.#began.powerSource === 'ac' && this.#now.powerSource === 'battery',
      'The mains power was lost, so the run was paused: on battery the processor runs differently.',
      news,
    );
    this.#once('heat', isHot(this.#now.thermal), 'The computer is too hot, so the run was paused.', news);
    return news;
  }

  /** Flags for the trial just made. */
  async flags(): Promise<readonly Flag[]> {
    this.#now = await this.read();
    const flags: Flag[] = [];
    if (this.#began.powerSource === 'ac' && this.#now.powerSource === 'battery')
      flags.push('power-source-changed');
    if (isHot(this.#now.thermal)) flags.push('thermal-pressure');
    return flags;
  }

  #once(what: string, is: boolean, sentence: string, news: string[]): void {
    if (!is) {
      this.#told.delete(what);
      return;
    }
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.hold = true;
    news.push(sentence);
  }

  #drift(): number {
    return this.wall().getTime() / 1000 - this.clock();
  }
}

function isHot(thermal: string | undefined): boolean {
  return thermal !== undefined && !/nominal|none/i.test(thermal);
}
