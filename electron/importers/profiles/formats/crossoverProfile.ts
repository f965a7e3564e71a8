import type { Observation, Reading } from '#core/import/observation';
import { parseProfile, RAILS, type Profile } from '#core/profile';
import type { RailEnergy } from '#core/meter';
import type { ImportFormat } from '../importFormat.ts';
import { readDocument } from '../text/document.ts';

const MARK = /(?:^|[\s,{])["']?format["']?\s*:\s*["']?crossover-profile\b/;

/** The lab's own profiles, YAML or JSON: taken whole, so that an export is the same profile elsewhere. */
export const crossoverProfile: ImportFormat = {
  id: 'crossover-profile',
  name: 'Crossover profile',
  looks: ({ text }) => (MARK.test(text) ? 0.99 : 0),
  read: async (source): Promise<Reading> => {
    const { file } = source;
    const profile = parseProfile(readDocument(file.name, await source.text()), file.name);
    return {
      file,
      format: { id: crossoverProfile.id, name: crossoverProfile.name },
      profile,
      columns: [],
      observations: profile.cells.map((cell, index) => observationOf(profile, cell, index + 1)),
      dropped: [],
      findings: [],
      facts: {
        system: profile.system.name,
        model: profile.model.name,
        hardware: profile.system.hardware,
        engine: profile.conditions.engine,
        precision: profile.conditions.precision,
        kvCache: profile.conditions.kvCache,
        batch: profile.conditions.batch,
        gpus: profile.conditions.gpus,
        energyPer: 'query',
        energyIs: profile.estimate ? 'estimated' : 'measured',
        title: profile.source.title,
        authors: profile.source.authors,
      },
    };
  },
};

/** A cell as a mean over its trials, for profiles that are put together. */
function observationOf(profile: Profile, cell: Profile['cells'][number], row: number): Observation {
  const energyJ: RailEnergy = {};
  for (const rail of RAILS) if (cell.energyJ[rail] !== undefined) energyJ[rail] = cell.energyJ[rail];
  return {
    row,
    m: cell.m,
    n: cell.n,
    energyJ,
    runtimeS: cell.runtimeS,
    trials: cell.trials,
    model: profile.model.name,
    system: profile.system.name,
    ...(cell.sdEnergyJ === undefined ? {} : { sdEnergyJ: cell.sdEnergyJ }),
    ...(cell.sdRuntimeS === undefined ? {} : { sdRuntimeS: cell.sdRuntimeS }),
  };
}
