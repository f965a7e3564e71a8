import { settingsSchema, type StudySettings } from '#core/study';

const FLAGS: readonly (readonly [keyof StudySettings, string])[] = [
  ['energyModel', 'model'],
  ['policy', 'policy'],
  ['lambda', 'lambda'],
  ['cost', 'cost'],
  ['boundary', 'boundary'],
  ['thresholds', 'thresholds'],
  ['minSaving', 'min-saving'],
];

/** The command line that runs a study with these settings; what is at its default is left out. */
export function studyCommand(settings: StudySettings): string {
  const { small, large, workload } = settings;
  const defaults = settingsSchema.parse({ small, large, workload });
  const parts = [`crossover analyze --small ${small} --large ${large} --workload ${workload}`];
  for (const [key, flag] of FLAGS) {
    if (settings[key] !== defaults[key]) parts.push(`--${flag} ${settings[key]}`);
  }
  return parts.join(' ');
}
