import type { RailEnergy } from '#core/meter';
import type { Rail } from '#core/profile';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';

/** A zone of RAPL: its folder's name, what it counts, and where its counter starts anew. */
export interface RaplZone {
  readonly zone: string;
  readonly name: string;
  readonly maxUj: number;
}

/** The header of our own log of RAPL readings. */
export const RAPL_LOG_HEADER = 'time_s,zone,name,energy_uj,max_energy_range_uj';

/** The rail of a zone. "core" is a part of its package, "psys" the whole machine; "uncore" is of no use here. */
export function raplRail(name: string): Rail | undefined {
  if (/^package-\d+/.test(name)) return 'package';
  if (name === 'core') return 'cpu';
  if (name === 'dram') return 'dram';
  if (name === 'psys') return 'machine';
  return undefined;
}

/** Energy between two readings of a counter, J; a smaller reading means that it began anew once. */
export function raplEnergyJ(beforeUj: number, afterUj: number, maxUj: number): number {
  return (afterUj >= beforeUj ? afterUj - beforeUj : maxUj - beforeUj + afterUj) / 1e6;
}

/**
 * Zones of one rail are added up: two sockets are one package. Where one of them was not read, the energy of all is not
 * known.
 */
export function raplDifference(
  zones: readonly RaplZone[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): RailEnergy {
  const found = new Map<Rail, number | undefined>();
  for (const { zone, name, maxUj } of zones) {
    const rail = raplRail(name);
    if (rail === undefined) continue;
    const [from, to] = [before.get(zone), after.get(zone)];
    const sofar = found.has(rail) ? found.get(rail) : 0;
    const known = sofar !== undefined && from !== undefined && to !== undefined;
    found.set(rail, known ? sofar + raplEnergyJ(from, to, maxUj) : undefined);
  }
  return Object.fromEntries([...found].filter(([, energy]) => energy !== undefined));
}

/** Our own log of readings, one line a zone and time. */
export function raplLogReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const zones = new Map<string, RaplZone>();
  let tick: { atS: number; energies: Map<string, number> } | undefined;
  let last: typeof tick;

  const close = (): TraceSample[] => {
    const [before, after] = [last, tick];
    last = tick ?? last;
    tick = undefined;
    if (before === undefined || after === undefined || !(after.atS > before.atS)) return [];
    const energyJ = raplDifference([...zones.values()], before.energies, after.energies);
    return [{ startS: before.atS, endS: after.atS, energyJ }];
  };
  const readLine = (line: string): TraceSample[] => {
    const [time, zone, name, energy, most] = cellsOf(line);
    const [atS, energyUj, maxUj] = [time, energy, most].map(numberIn);
    if (atS === undefined || energyUj === undefined || maxUj === undefined || !zone || !name) return [];
    const samples = tick !== undefined && tick.atS !== atS ? close() : [];
    zones.set(zone, { zone, name, maxUj });
    tick ??= { atS, energies: new Map() };
    tick.energies.set(zone, energyUj);
    return samples;
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => {
      const samples = [...readLine(lines.rest()), ...close()];
      if (last !== undefined && samples.length === 0 && zones.size > 0)
        noteCounters(facts, [...zones.values()].map(({ name }) => name).join(', '));
      return samples;
    },
  };
}

/** A dump of /sys/class/powercap (ttar): one reading of each counter, so no energy of any time. */
export function raplTreeReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const zones = new Map<string, Map<string, string>>();
  let place: { zone: string; file: string } | undefined;
  const readLine = (line: string): TraceSample[] => {
    if (/^(Path|Directory): /.test(line)) {
      const [, zone, file] = /([^/]+)\/(energy_uj|max_energy_range_uj|name)$/.exec(line) ?? [];
      place = zone === undefined || file === undefined ? undefined : { zone, file };
    } else if (place !== undefined && !/^(Lines|Mode|#)/.test(line)) {
      if (!zones.has(place.zone)) zones.set(place.zone, new Map());
      zones.get(place.zone)!.set(place.file, line.trim());
      place = undefined;
    }
    return [];
  };
  return {
    facts,
    push: (text) => lines.push(text).flatMap(readLine),
    end: () => {
      readLine(lines.rest());
      const joules = (micro: string | undefined): string => `${Number(micro) / 1e6} J`;
      const counters = [...zones.values()].filter((zone) => zone.has('energy_uj'));
      if (counters.length === 0) return [];
      facts.aloneW = {};
      noteCounters(
        facts,
        counters
          .map(
            (zone) =>
              `${zone.get('name')} at ${joules(zone.get('energy_uj'))} of ${joules(zone.get('max_energy_range_uj'))}`,
          )
          .join(', '),
      );
      return [];
    },
  };
}

function noteCounters(facts: TraceFacts, counters: string): void {
  facts.warnings.push({
    kind: 'single-reading',
    message: `One reading of each counter alone (${counters}): an energy needs two readings and the time between.`,
  });
}
