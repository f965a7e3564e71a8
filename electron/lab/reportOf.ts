import { buildReport, type ReportDocument } from '#core/report';
import type { StoredStudy } from '../store/studies.ts';
import { studyCommand } from './studyCommand.ts';

/** The report of a stored study. */
export function reportOf(
  { study, inputs, title }: Pick<StoredStudy, 'study' | 'inputs' | 'title'>,
  crossover: string,
): ReportDocument {
  return buildReport({
    study,
    inputs,
    title,
    versions: { crossover },
    command: studyCommand(study.settings),
  });
}
