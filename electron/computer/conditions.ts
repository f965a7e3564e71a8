import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { promisify } from 'node:util';
import type { Conditions } from '#core/preflight';

const run = promisify(execFile);

/** How the conditions are found out; replaced in tests. */
export interface ConditionReaders {
  readonly platform: NodeJS.Platform;
  /** output of a program of the system; undefined where it cannot be run */
  readonly output: (program: string, args: readonly string[]) => Promise<string | undefined>;
  /** text of a file; undefined where it cannot be read */
  readonly text: (file: string) => string | undefined;
  readonly names: (folder: string) => readonly string[];
  /** processes that want a core, mean of the last minute; undefined where the system keeps no such mean */
  readonly load: () => number | undefined;
  readonly cores: number;
}

export const hereConditionReaders: ConditionReaders = {
  platform: process.platform,
  output: async (program, args) => {
    try {
      return (await run(program, [...args], { timeout: 3000 })).stdout;
    } catch {
      return undefined;
    }
  },
  text: (file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  },
  names: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  // Windows has no load average: Node answers 0, which is none.
  load: () => (process.platform === 'win32' ? undefined : loadavg()[0]),
  cores: availableParallelism(),
};

type PowerState = Pick<Conditions, 'powerSource' | 'lowPowerMode' | 'thermal'>;

/** Power source, low-power mode and thermal state, as far as the system tells. */
export async function powerState(readers: ConditionReaders = hereConditionReaders): Promise<PowerState> {
  if (readers.platform === 'darwin') return macPowerState(readers);
  if (readers.platform === 'linux') return linuxPowerState(readers);
  return {};
}

/** Everything that the preflight looks at, beside disk and sleep. */
export async function conditions(
  readers: ConditionReaders = hereConditionReaders,
): Promise<Omit<Conditions, 'keepsAwake' | 'freeBytes'>> {
  const backgroundCores = readers.load();
  return {
    ...(await powerState(readers)),
    ...(backgroundCores === undefined ? {} : { backgroundCores }),
    cores: readers.cores,
  };
}

async function macPowerState(readers: ConditionReaders): Promise<PowerState> {
  const [battery, settings, thermal] = await Promise.all([
    readers.output('/usr/bin/pmset', ['-g', 'batt']),
    readers.output('/usr/bin/pmset', ['-g']),
    readers.output('/usr/bin/pmset', ['-g', 'therm']),
  ]);
  const limit = /CPU_Speed_Limit\s*=\s*(\d+)/.exec(thermal ?? '')?.[1];
  const warned = /thermal warning level (?:has been|set to)?\s*(\d+|recorded)/i.exec(thermal ?? '');
  return {
    ...(battery === undefined
      ? {}
      : { powerSource: battery.includes('AC Power') ? ('ac' as const) : ('battery' as const) }),
    ...(settings === undefined
      ? {}
      : { lowPowerMode: /^\s*(?:lowpowermode|powermode)\s+1\b/m.test(settings) }),
    ...(thermal === undefined
      ? {}
      : {
          thermal:
            limit !== undefined && Number(limit) < 100 ? `speed limited to ${limit}%` : pressure(warned),
        }),
  };
}

function pressure(warned: RegExpExecArray | null): string {
  return warned !== null && /^[1-9]/.test(warned[1]!) ? `warning level ${warned[1]}` : 'nominal';
}

function linuxPowerState(readers: ConditionReaders): PowerState {
  const folder = '/sys/class/power_supply';
  const supplies = readers.names(folder).map((name) => ({
    type: readers.text(`${folder}/${name}/type`)?.trim(),
    online: readers.text(`${folder}/${name}/online`)?.trim(),
    status: readers.text(`${folder}/${name}/status`)?.trim(),
  }));
  const mains = supplies.find((supply) => supply.type === 'Mains');
  const battery = supplies.find((supply) => supply.type === 'Battery');
  if (mains?.online !== undefined) return { powerSource: mains.online === '1' ? 'ac' : 'battery' };
  if (battery?.status !== undefined) {
    return { powerSource: battery.status === 'Discharging' ? 'battery' : 'ac' };
  }
  return {};
}
