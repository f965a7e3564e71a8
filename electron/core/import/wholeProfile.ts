import type { Profile } from '../profile.ts';
import { oddFindings, railFindings, trialFindings } from './checks.ts';
import type { Diagnosis } from './diagnosis.ts';
import { acceptedProfile, finishDiagnosis, type DoctorContext } from './finish.ts';
import type { ImportFinding, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';

/** A profile that came whole: nothing is counted again, and only what the user says anew is changed. */
export function diagnoseProfile(
  reading: Reading,
  whole: Profile,
  options: ImportOptions,
  context: DoctorContext,
): Diagnosis {
  const { id, name, system, model, place, hardware, note, licence } = options;
  const told: Profile = {
    ...whole,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    system: {
      ...whole.system,
      ...(system === undefined ? {} : { name: system, label: system }),
      ...(place === undefined ? {} : { place }),
      ...(hardware === undefined ? {} : { hardware }),
    },
    model: model === undefined ? whole.model : { ...whole.model, name: model },
    notes: [
      ...whole.notes,
      ...(licence === undefined ? [] : [`Licence of the data: ${licence}.`]),
      ...(note === undefined || note.trim() === '' ? [] : [note.trim()]),
    ],
  };
  const findings: ImportFinding[] = [...(context.findings ?? []), ...reading.findings];
  const without = (
    [
      'columns',
      'onlySystem',
      'onlyModel',
      'batch',
      'idle',
      'warmUp',
      'boundary',
      'design',
      'inputTokens',
      'outputTokens',
    ] as const
  ).filter((key) => options[key] !== undefined);
  if (without.length > 0) {
    findings.push({
      kind: 'no-effect',
      level: 'warning',
      message: `The file is a profile, whose cells are means already, so ${without.join(', ')} ${without.length > 1 ? 'have' : 'has'} no effect.`,
    });
  }
  const profile = acceptedProfile(told, findings);
  findings.push(...trialFindings(whole.cells));
  if (profile !== undefined) {
    findings.push(...railFindings(profile, context.stored), ...oddFindings(profile));
  }
  return finishDiagnosis([reading], context, {
    options: { ...options, format: reading.format.id },
    system: told.system.name,
    model: told.model.name,
    systems: [told.system.name],
    models: [told.model.name],
    rails: told.rails,
    cells: told.cells,
    dropped: reading.dropped,
    findings,
    profile,
  });
}
