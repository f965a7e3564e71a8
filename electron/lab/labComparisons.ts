import type { StoredProfile, StoredWorkload } from '#core/catalogue';
import { parseManySettings } from '#core/analysis/manySettings';
import { LabError } from '#core/errors';
import { buildManyReport, type ManyReport } from '#core/manyReport';
import { manyReportCsv } from '#core/manyReportCsv';
import { manyReportHtml, manyReportMarkdown } from '#core/manyReportForms';
import type { ReportFormat } from '#core/reportFormat';
import { comparisonTitle, type ComparisonSummary, type StoredComparison } from '#core/storedComparison';
import {
  changeComparison,
  comparisonId,
  findComparison,
  findComparisonSummary,
  listComparisons,
  markComparisonRemoved,
  putComparison,
  restoreComparison,
} from '../store/comparisons.ts';
import { runManySystems, type StudyWatch } from '../workers/runStudy.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import { parseChanges } from './labStudies.ts';
import { manyCommand } from './manyCommand.ts';
import { nearestIds } from './nearest.ts';
import type { Store } from './openStore.ts';

/** Comparisons of any number of systems, as stored. Every method throws LabError for what can be expected to go wrong. */
export interface LabComparisons {
  /** runs the comparison and stores it; the same settings and inputs are the same comparison, which is run once */
  save(settings: unknown, watch?: StudyWatch): Promise<ComparisonSummary>;
  list(): ComparisonSummary[];
  /** a comparison with the inputs that it was computed from, even where those have changed since */
  show(id: string): StoredComparison;
  /** names a comparison, or notes something of it */
  change(id: string, changes: unknown): ComparisonSummary;
  /** removes it; until the lab is opened again it can be taken back */
  remove(id: string): void;
  restore(id: string): ComparisonSummary;
  /** the report, to be written to a file: as HTML, Markdown, CSV or JSON */
  report(id: string, format: Exclude<ReportFormat, 'pdf'>): string;
  /** the report as HTML for a printer of PDF, which sets margins and page numbers */
  paper(id: string): string;
}

/** @param guard turns what the database throws into LabErrors */
export function createLabComparisons(options: {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly now: () => Date;
  /** Crossover's version */
  readonly version: string;
  readonly guard: <T>(work: () => T) => T;
  readonly showProfile: (id: string) => StoredProfile;
  readonly showWorkload: (id: string) => StoredWorkload;
}): LabComparisons {
  const { store, pool, now, version, guard, showProfile, showWorkload } = options;
  const { db } = store;
  const found = <T>(id: string, item: T | undefined): T => {
    if (item !== undefined) return item;
    const nearest = nearestIds(
      id,
      guard(() => listComparisons(db)).map((each) => each.id),
    );
    const list = 'crossover studies list shows them all.';
    throw new LabError(
      'unknown-study',
      `There is no comparison with the id "${id}".`,
      nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ${list}` : list,
    );
  };
  const summary = (id: string): ComparisonSummary =>
    found(
      id,
      guard(() => findComparisonSummary(db, id)),
    );
  const show = (id: string): StoredComparison =>
    found(
      id,
      guard(() => findComparison(db, id)),
    );

  const documentOf = (id: string): ManyReport => {
    const comparison = show(id);
    return buildManyReport(comparison, { crossover: version, command: manyCommand(comparison.settings) });
  };

  return {
    save: async (asked, watch) => {
      const settings = parseManySettings(asked);
      const stored = settings.profiles.map(showProfile);
      const from = showWorkload(settings.workload);
      const hashes = { profiles: stored.map(({ contentHash }) => contentHash), workload: from.contentHash };
      const id = comparisonId({ settings, hashes });
      const known = guard(() => findComparisonSummary(db, id));
      if (known !== undefined) return known;
      // Whether it can be stored is known before it is computed.
      store.writable();
      const profiles = stored.map(({ profile }) => profile);
      const { workload } = from;
      const result = await runManySystems(pool, { settings, profiles, workload }, watch);
      guard(() =>
        putComparison(store.writable(), {
          id,
          storedAt: now().toISOString(),
          title: comparisonTitle(profiles, workload),
          settings,
          hashes,
          profiles,
          workload,
          result,
          crossover: version,
        }),
      );
      return summary(id);
    },
    list: () => guard(() => listComparisons(db)),
    show,
    change: (id, asked) => {
      const changes = parseChanges(asked);
      summary(id);
      guard(() => changeComparison(store.writable(), id, changes));
      return summary(id);
    },
    remove: (id) => {
      summary(id);
      guard(() => markComparisonRemoved(store.writable(), id, now().toISOString()));
    },
    restore: (id) => {
      guard(() => restoreComparison(store.writable(), id));
      return summary(id);
    },
    report: (id, format) => {
      const report = documentOf(id);
      switch (format) {
        case 'html':
          return manyReportHtml(report);
        case 'csv':
          return manyReportCsv(report);
        case 'md':
          return manyReportMarkdown(report);
        case 'json':
          return `${JSON.stringify(report, null, 2)}\n`;
        case 'bundle':
          throw new LabError(
            'bad-setting',
            'A bundle that others can verify is made of studies of two systems alone. Nothing was written.',
            'Write it as .html, .pdf, .md, .csv or .json; the JSON holds every figure, the settings and the hashes of the inputs.',
          );
      }
    },
    paper: (id) => manyReportHtml(documentOf(id), { forPaper: true }),
  };
}
