import koffi from 'koffi';
import { LabError } from '#core/errors';
import type { EnergyChannel } from './formats/ioreport.ts';

const UTF8 = 0x08000100;
const LONGEST_NAME = 256;

/** The address of something of the system's; null where there is none. */
type Address = bigint | null;

/** IOReport, opened: readings of the energy counters, and their differences. */
export interface EnergyCounters {
  /** A reading now, to be released. */
  read(): Address;
  /** The channels' energies from one reading to another. */
  difference(before: Address, after: Address): EnergyChannel[];
  release(reading: Address): void;
  /** Lets go of everything that was opened. */
  close(): void;
}

/** Where the two libraries are; tests bring their own. */
export interface LibraryPaths {
  readonly ioReport: string;
  readonly coreFoundation: string;
}

/**
 * Opens the energy counters.
 * @throws LabError "meter-missing" when a library, a function or the counters are not there
 */
export function openEnergyCounters({ ioReport, coreFoundation }: LibraryPaths): EnergyCounters {
  const report = load(ioReport);
  const core = load(coreFoundation);
  const createString = core(
    'void *CFStringCreateWithCString(void *allocator, const char *text, uint32 encoding)',
  );
  const getString = core('bool CFStringGetCString(void *string, void *buffer, int64 size, uint32 encoding)');
  const copyDictionary = core(
    'void *CFDictionaryCreateMutableCopy(void *allocator, int64 capacity, void *dict)',
  );
  const getValue = core('void *CFDictionaryGetValue(void *dict, void *key)');
  const getCount = core('int64 CFArrayGetCount(void *array)');
  const getItem = core('void *CFArrayGetValueAtIndex(void *array, int64 index)');
  const release = core('void CFRelease(void *object)');
  const copyChannels = report(
    'void *IOReportCopyChannelsInGroup(void *group, void *subgroup, uint64 a, uint64 b, uint64 c)',
  );
  const subscribe = report(
    'void *IOReportCreateSubscription(void *a, void *channels, _Out_ void **subscribed, uint64 b, void *c)',
  );
  const createSamples = report(
    'void *IOReportCreateSamples(void *subscription, void *channels, void *options)',
  );
  const createDelta = report('void *IOReportCreateSamplesDelta(void *before, void *after, void *options)');
  const getGroup = report('void *IOReportChannelGetGroup(void *item)');
  const getName = report('void *IOReportChannelGetChannelName(void *item)');
  const getUnit = report('void *IOReportChannelGetUnitLabel(void *item)');
  const getInteger = report('int64 IOReportSimpleGetIntegerValue(void *item, int32 index)');

  const buffer = Buffer.alloc(LONGEST_NAME);
  const text = (string: Address): string => {
    if (string === null || getString(string, buffer, LONGEST_NAME, UTF8) !== true) return '';
    return buffer.toString('utf8', 0, buffer.indexOf(0)).trim();
  };
  const letGo = (...objects: readonly Address[]): void => {
    for (const object of objects) if (object !== null) release(object);
  };

  const group = address(createString(null, 'Energy Model', UTF8));
  const listKey = address(createString(null, 'IOReportChannels', UTF8));
  const found = address(copyChannels(group, null, 0, 0, 0));
  const channels = found === null ? null : address(copyDictionary(null, 0, found));
  const subscribed: [Address] = [null];
  const subscription = channels === null ? null : address(subscribe(null, channels, subscribed, 0, null));
  letGo(group, found);
  if (subscription === null) {
    letGo(channels, listKey);
    throw missing('IOReport has no energy counters here');
  }
  const watched = address(subscribed[0]);

  return {
    read: () => address(createSamples(subscription, watched, null)),
    difference: (before, after) => {
      const delta = address(createDelta(before, after, null));
      if (delta === null) return [];
      try {
        const list = address(getValue(delta, listKey));
        if (list === null) return [];
        return Array.from({ length: Number(getCount(list)) }, (_, index): EnergyChannel => {
          const item = address(getItem(list, index));
          return {
            group: text(address(getGroup(item))),
            name: text(address(getName(item))),
            unit: text(address(getUnit(item))),
            value: Number(getInteger(item, 0)),
          };
        });
      } finally {
        letGo(delta);
      }
    },
    release: (reading) => letGo(reading),
    // `watched` was neither created nor copied by us: it goes with the subscription.
    close: () => letGo(subscription, channels, listKey),
  };
}

/** A library's functions by their declarations in C. */
function load(path: string): (declaration: string) => (...args: unknown[]) => unknown {
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(path);
  } catch {
    throw missing(`${path} is not on this computer`);
  }
  return (declaration) => {
    try {
      return library.func(declaration) as (...args: unknown[]) => unknown;
    } catch {
      throw missing(`${path} has no function ${/(\w+)\(/.exec(declaration)?.[1]}`);
    }
  };
}

function address(value: unknown): Address {
  return typeof value === 'bigint' && value !== 0n ? value : null;
}

function missing(reason: string): LabError {
  return new LabError(
    'meter-missing',
    `${reason}.`,
    'IOReport needs macOS on Apple silicon; choose another meter.',
  );
}
