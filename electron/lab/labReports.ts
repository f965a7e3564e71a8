import { deployFiles } from '#core/deploy/deployFiles';
import { policyDocument, type PolicyDocument } from '#core/deploy/policyDocument';
import { zipFiles } from '../files/zip.ts';
import type { StoredStudy } from '../store/studies.ts';

/** What becomes of a study: files for people, for programs and for routers. */
export interface LabReports {
  /**
   * the policy of a study as a document, with test vectors
   * @throws LabError "unknown-study"; "bad-setting" when nobody could carry the policy out
   */
  policy(studyId: string): PolicyDocument;
  /** the policy as files to deploy, by their names */
  policyFiles(studyId: string): ReadonlyMap<string, string>;
  /** the same in one zip */
  policyZip(studyId: string): Uint8Array;
}

/** @param show the stored study with an id */
export function createLabReports({
  show,
  version,
}: {
  show: (id: string) => StoredStudy;
  version: string;
}): LabReports {
  const reports: LabReports = {
    policy: (id) => {
      const { study, inputs, title } = show(id);
      return policyDocument(study, inputs, { title, crossover: version });
    },
    policyFiles: (id) => deployFiles(reports.policy(id)),
    policyZip: (id) => zipFiles([...reports.policyFiles(id)].map(([name, content]) => ({ name, content }))),
  };
  return reports;
}
