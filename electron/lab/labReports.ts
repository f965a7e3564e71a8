import { deployFiles } from '#core/deploy/deployFiles';
import { policyDocument, type PolicyDocument } from '#core/deploy/policyDocument';
import type { ReportDocument } from '#core/report';
import { reportCsv } from '#core/reportCsv';
import type { ReportFormat } from '#core/reportFormat';
import { reportHtml } from '#core/reportHtml';
import { reportMarkdown } from '#core/reportMarkdown';
import type { TakenBundle, Verification } from '#core/studyBundle';
import { LabError } from '#core/errors';
import { isComparison } from '#core/storedComparison';
import { zipFiles } from '../files/zip.ts';
import type { ReadDb, WriteDb } from '../store/sqlite.ts';
import type { StoredStudy } from '../store/studies.ts';
import type { LabComparisons } from './labComparisons.ts';
import { reportOf } from './reportOf.ts';
import { makeStudyBundle, type StudyBundle } from './studyBundle/make.ts';
import { runStudy } from '../workers/runStudy.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import { takeStudyBundle } from './studyBundle/take.ts';
import { verifyStudyBundle, type RunStudy } from './studyBundle/verify.ts';

/** What becomes of a study, or of a comparison: files for people, for programs and for routers. */
export interface LabReports {
  /**
   * the report in one of its forms, to be written to a file
   * @param options.samples of a bundle: with every raw sample
   */
  file(
    studyId: string,
    format: Exclude<ReportFormat, 'pdf'>,
    options?: { readonly samples?: boolean },
  ): string | Uint8Array;
  /** the report as HTML for a printer of PDF, which sets margins and page numbers */
  paper(studyId: string): string;
  /**
   * the policy of a study as a document, with test vectors
   * @throws LabError "unknown-study"; "bad-setting" when nobody could carry the policy out, or it is one of several systems
   */
  policy(studyId: string): PolicyDocument;
  /** the policy as files to deploy, by their names */
  policyFiles(studyId: string): ReadonlyMap<string, string>;
  /** the same in one zip */
  policyZip(studyId: string): Uint8Array;
  /** the study as one file that others can check without anything else */
  bundle(studyId: string, options?: { readonly samples?: boolean }): StudyBundle;
  /**
   * recomputes every number of a bundle from what it holds
   * @throws LabError "bad-bundle" when it is not as it was written, "file-not-readable"
   */
  verify(file: string): Promise<Verification>;
  /**
   * stores a bundle's study, and what is lacking of its profiles, workload and runs
   * @throws LabError as `verify`; nothing is stored when its numbers do not hold
   */
  importBundle(file: string): Promise<TakenBundle>;
}

/**
 * @param show the stored study with an id
 * @param comparisons the reports of comparisons of any number of systems
 */
export function createLabReports({
  store,
  pool,
  guard,
  now,
  show,
  comparisons,
  version,
}: {
  store: { readonly db: ReadDb; readonly writable: () => WriteDb };
  pool: WorkerPool;
  guard: <T>(work: () => T) => T;
  now: () => Date;
  show: (id: string) => StoredStudy;
  comparisons: Pick<LabComparisons, 'report' | 'paper'>;
  version: string;
}): LabReports {
  const run: RunStudy = (settings, inputs) => runStudy(pool, settings, inputs);
  const report = (id: string): ReportDocument => reportOf(show(id), version);
  const reports: LabReports = {
    file: (id, format, options) => {
      if (isComparison(id)) return comparisons.report(id, format);
      switch (format) {
        case 'html':
          return reportHtml(report(id));
        case 'md':
          return reportMarkdown(report(id));
        case 'csv':
          return reportCsv(report(id));
        case 'json':
          return `${JSON.stringify(report(id), null, 2)}\n`;
        case 'bundle':
          return reports.bundle(id, options).bytes;
      }
    },
    paper: (id) => (isComparison(id) ? comparisons.paper(id) : reportHtml(report(id), { forPaper: true })),
    policy: (id) => {
      if (isComparison(id)) {
        throw new LabError(
          'bad-setting',
          'A policy to deploy is made of a study of two systems, and this is a comparison of several. Nothing was written.',
          'Its report says which queries go where; its JSON has the thresholds.',
        );
      }
      const { study, inputs, title } = show(id);
      return policyDocument(study, inputs, { title, crossover: version });
    },
    policyFiles: (id) => deployFiles(reports.policy(id)),
    policyZip: (id) => zipFiles([...reports.policyFiles(id)].map(([name, content]) => ({ name, content }))),
    bundle: (id, { samples = false } = {}) =>
      guard(() => makeStudyBundle(store.db, show(id), { samples, crossover: version })),
    verify: (file) => verifyStudyBundle(file, version, run),
    importBundle: (file) =>
      takeStudyBundle(
        guard(() => store.writable()),
        file,
        { version, now, run },
      ),
  };
  return reports;
}
