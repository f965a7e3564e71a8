import {
  DEFAULT_REPLICATES,
  DEFAULT_SEED,
  needsJointModel,
  settingsSchema,
  type StudySettings,
} from '#core/study';
import { chosenText } from './chosenText.ts';
import { statementTexts } from './statements.ts';

const FLAGS: readonly (readonly [keyof StudySettings, string])[] = [
  ['energyModel', 'model'],
  ['policy', 'policy'],
  ['lambda', 'lambda'],
  ['cost', 'cost'],
  ['boundary', 'boundary'],
  ['thresholds', 'thresholds'],
  ['minSaving', 'min-saving'],
  ['idle', 'idle'],
  ['bootstrap', 'bootstrap'],
  ['seed', 'seed'],
];

/** The command line that runs a study with these settings; what is at the command line's default is left out. */
export function studyCommand(settings: StudySettings): string {
  const { small, large, workload, energyModel, policy } = settings;
  const defaults = settingsSchema.parse({
    small,
    large,
    workload,
    bootstrap: DEFAULT_REPLICATES,
    seed: DEFAULT_SEED,
  });
  // Without a bootstrap there is no seed to speak of.
  const { bootstrap = 0, seed, ...others } = settings;
  const given: StudySettings = {
    ...others,
    bootstrap,
    ...(bootstrap === 0 || seed === undefined ? {} : { seed }),
  };
  const differs = (key: keyof StudySettings): boolean => {
    if (key === 'thresholds') {
      return settings.thresholds !== (energyModel === 'paper' ? 'powers-of-two' : 'every-integer');
    }
    // Where a policy needs a joint model, the command line chooses one by itself.
    if (key === 'energyModel') return energyModel !== 'paper' || needsJointModel(policy);
    return given[key] !== undefined && given[key] !== defaults[key];
  };
  const parts = [`crossover analyze --small ${small} --large ${large} --workload ${workload}`];
  for (const [key, flag] of FLAGS) {
    if (differs(key)) parts.push(`--${flag} ${String(given[key])}`);
  }
  if (settings.chosen !== undefined) parts.push(`--at ${chosenText(settings.chosen)}`);
  if (settings.capacity !== undefined) {
    const { devices, arrivalRate } = settings.capacity;
    parts.push(`--devices small=${devices.small},large=${devices.large} --arrival-rate ${arrivalRate}`);
  }
  for (const text of statementTexts(settings.stated)) parts.push(`--assume '${text}'`);
  return parts.join(' ');
}
