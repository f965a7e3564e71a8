import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { Rail } from '#core/profile';
import { countedWork } from './cpuTime.ts';
import { raplDifference, raplRail, type RaplZone } from './formats/rapl.ts';
import type { Meter } from './meter.ts';
import { monotonicS } from '../clock.ts';
import { boundaryOf, disjointRails, onlyRails } from './rails.ts';
import { sampleQueue, type SampleQueue } from './sampleQueue.ts';

const FOLDER = '/sys/class/powercap';
const INTERVAL_S = 0.1;

export interface RaplOptions {
  /** where the counters are; tests have a folder of their own */
  readonly folder?: string;
  readonly intervalS?: number;
}

/**
 * RAPL: energy counters of Intel and AMD processors, read at a cadence and whenever a window's edge is marked.
 * @throws LabError "meter-missing" without counters, "meter-permission" where only root may read them
 */
export function raplMeter({ folder = FOLDER, intervalS = INTERVAL_S }: RaplOptions = {}): Meter {
  const zones = zonesIn(folder);
  const rails = disjointRails([
    ...new Set(zones.map(({ name }) => raplRail(name)).filter((rail): rail is Rail => rail !== undefined)),
  ]);
  const read = (): Map<string, number> =>
    new Map(
      zones.map(({ zone }) => [zone, Number(readFileSync(path.join(folder, zone, 'energy_uj'), 'utf8'))]),
    );
  tried(read);

  let running: { queue: SampleQueue; atS: number; energies: Map<string, number> } | undefined;
  const counted = countedWork();
  const tick = (): void => counted(takeReading);
  const takeReading = (): void => {
    if (running === undefined) return;
    const { queue, atS, energies } = running;
    try {
      const now = tried(read);
      const nowS = monotonicS();
      if (!(nowS > atS)) return;
      running.atS = nowS;
      running.energies = now;
      queue.push({
        startS: atS,
        endS: nowS,
        energyJ: onlyRails(raplDifference(zones, energies, now), rails),
      });
    } catch (error) {
      queue.fail(error);
    }
  };
  return {
    info: {
      kind: 'rapl',
      name: 'RAPL',
      rails,
      boundary: boundaryOf(rails),
      estimate: false,
      counters: true,
      requestedS: intervalS,
    },
    samples: (signal) => {
      const timer = setInterval(tick, intervalS * 1000);
      const queue = sampleQueue(signal, () => {
        clearInterval(timer);
        running = undefined;
      });
      try {
        running = { queue, energies: tried(read), atS: monotonicS() };
      } catch (error) {
        queue.fail(error);
      }
      return queue;
    },
    mark: () => {
      tick();
      return Promise.resolve();
    },
    cpuS: () => Promise.resolve(counted.usedS()),
  };
}

/** The counters, without the second list of the same ones that some kernels keep (intel-rapl-mmio). */
function zonesIn(folder: string): RaplZone[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => /^intel-rapl:/.test(name));
  } catch {
    // No such folder: there is no RAPL here.
  }
  const text = (zone: string, file: string): string =>
    readFileSync(path.join(folder, zone, file), 'utf8').trim();
  const zones = tried(() =>
    names
      .map((zone): RaplZone => ({
        zone,
        name: text(zone, 'name'),
        maxUj: Number(text(zone, 'max_energy_range_uj')),
      }))
      .filter(({ name }) => raplRail(name) !== undefined),
  );
  if (zones.length > 0) return zones;
  throw new LabError(
    'meter-missing',
    'This computer shows no RAPL energy counters.',
    'They need Linux on an Intel or AMD processor, and are seldom there in a virtual machine.',
  );
}

function tried<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new LabError(
        'meter-permission',
        'The RAPL counters are readable by root only.',
        'Allow it until the next start with: sudo chmod -R a+r /sys/class/powercap/intel-rapl:*',
      );
    }
    throw new LabError(
      'meter-lost',
      `The RAPL counters cannot be read any more (${code ?? String(thrown)}). The samples before are kept.`,
      'Resume the run, or choose another meter.',
    );
  }
}
