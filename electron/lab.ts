import type { ProfileSummary, StoredProfile, StoredWorkload, WorkloadSummary } from '#core/catalogue';
import type { ComputerReport } from '#core/computer';
import { LabError, type ErrorKind } from '#core/errors';
import type { Preferences } from '#core/preferences';
import type { ReportDocument } from '#core/report';
import { reportHtml } from '#core/reportHtml';
import { isComparison } from '#core/storedComparison';
import { PAPER_WORKLOAD } from '#core/paperFigure';
import { JOINT_WORKLOADS, reproducePaper, type Reproduction } from '#core/reproduction';
import { describeComputer } from './lab/computer.ts';
import { createLabModels, type LabModels } from './lab/labModels.ts';
import { createLabImports, type LabImports } from './lab/labImports.ts';
import { createLabBundles, type LabBundles } from './lab/labBundles.ts';
import { createLabProjects, type LabProjects } from './lab/labProjects.ts';
import { createLabRecent, type LabRecent } from './lab/labRecent.ts';
import { createLabReports, type LabReports } from './lab/labReports.ts';
import { profileReader, type ProfileReader } from './lab/profileReader.ts';
import { createLabRuns, type LabRuns } from './lab/labRuns.ts';
import { createLabWorkloads, type LabWorkloads } from './lab/labWorkloads.ts';
import { nearestIds } from './lab/nearest.ts';
import { openStore } from './lab/openStore.ts';
import { checkHere, type CheckBundle } from './lab/studyBundle/check.ts';
import { createLabComparisons, type LabComparisons } from './lab/labComparisons.ts';
import { createLabStudies, type LabStudies } from './lab/labStudies.ts';
import { reportOf } from './lab/reportOf.ts';
import { databaseFile } from './store/database.ts';
import type { Program } from './store/lock.ts';
import { loadPreferences, savePreferences } from './store/preferences.ts';
import { profileText, type ProfileFormat } from './store/profileFile.ts';
import { findProfile, listProfiles } from './store/profiles.ts';
import { guarded } from './store/storeError.ts';
import { createWorkerPool } from './workers/workerPool.ts';
import { findWorkload, listWorkloads } from './store/workloads.ts';

export interface LabOptions {
  /** where the database is; made when missing */
  readonly dataFolder: string;
  /** the folder with the bundled profiles and workloads; by default the one that came with the program */
  readonly bundle?: string;
  readonly program: Program;
  /** the caller will only read, so another program may be writing to the folder; by default false */
  readonly readonly?: boolean;
  /** Crossover's version */
  readonly version: string;
  /** Electron's version, in the window */
  readonly electron?: string;
  /** told about what went wrong without stopping anything */
  readonly log?: (message: string) => void;
  /** the built importing process; for tests */
  readonly importWorker?: string;
  /** what reads files for profiles; by default this process does */
  readonly profileReader?: ProfileReader;
  /** what reads and verifies bundles; by default this process does */
  readonly checkBundle?: CheckBundle;
  /** threads that analyse, by default one for each processor */
  readonly analysisWorkers?: number;
  /** the clock, by default the computer's */
  readonly now?: () => Date;
}

/**
 * The use cases, for the window and the command line alike. Every method throws LabError for what can be expected
 * to go wrong: "unknown-…" with the nearest ids, "bad-setting", "incompatible", and the store's own kinds.
 */
export interface Lab extends LabStudies {
  readonly dataFolder: string;
  listProfiles(): ProfileSummary[];
  showProfile(id: string): StoredProfile;
  /** the profile as the text of a file */
  exportProfile(id: string, format: ProfileFormat): string;
  listWorkloads(): WorkloadSummary[];
  showWorkload(id: string): StoredWorkload;
  report(studyId: string): ReportDocument;
  /** the report of a study, or of a comparison, as a self-contained HTML file */
  reportHtml(studyId: string): string;
  /** the report as a JSON file */
  reportJson(studyId: string): string;
  /** the paper's analysis on the bundled figures */
  reproduce(): Reproduction;
  /** the same on a thread of its own */
  reproduceApart(): Promise<Reproduction>;
  /** comparisons of any number of systems, as stored */
  readonly comparisons: LabComparisons;
  /** pieces of work, each with its studies */
  readonly projects: LabProjects;
  /** the files that were brought in or saved last */
  readonly recent: LabRecent;
  /** studies as files, and files as studies */
  readonly reports: LabReports;
  /** bundles that are looked at before they are opened */
  readonly bundles: LabBundles;
  /** measuring, and what was measured */
  readonly runs: LabRuns;
  /** profiles from files */
  readonly imports: LabImports;
  /** workloads from files, and to files */
  readonly workloads: LabWorkloads;
  /** the made-up weights that runs have left */
  readonly models: LabModels;
  loadPreferences(): Preferences;
  /** remembers all preferences; one that is undefined is forgotten */
  savePreferences(preferences: Preferences): void;
  inspectComputer(): ComputerReport;
  /** closes the database and lets other programs write; a second call does nothing */
  close(): void;
}

/**
 * Opens the lab on a data folder: the database is made or brought up to date, and the bundled items are taken in.
 * @throws LabError "database-…", "disk-full", "bad-profile", "bad-workload" or "missing"; what was stored is kept
 */
export function openLab(options: LabOptions): Lab {
  const { dataFolder, version, log, now = () => new Date() } = options;
  const file = databaseFile(dataFolder);
  const store = openStore(options);
  const { db } = store;
  const guard = <T>(work: () => T): T => guarded(file, work);

  const found = <T>(
    kind: ErrorKind,
    what: string,
    id: string,
    item: T | undefined,
    known: () => string[],
  ): T => {
    if (item !== undefined) return item;
    const nearest = nearestIds(id, known());
    const list = `crossover ${what}s list shows them all.`;
    throw new LabError(
      kind,
      `There is no ${what} with the id "${id}".`,
      nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ${list}` : list,
    );
  };
  const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

  const paperInputs = () => {
    const bundled = lab.listProfiles().filter(({ kind }) => kind === 'bundled');
    const others = lab.listWorkloads().filter(({ id }) => JOINT_WORKLOADS.includes(id));
    return {
      profiles: bundled.map(({ id }) => lab.showProfile(id).profile),
      workload: lab.showWorkload(PAPER_WORKLOAD).workload,
      others: others.map(({ id }) => lab.showWorkload(id).workload),
    };
  };
  const pool = createWorkerPool(options.analysisWorkers);
  const analysing = {
    store,
    pool,
    now,
    version,
    guard,
    showProfile: (id: string) => lab.showProfile(id),
    showWorkload: (id: string) => lab.showWorkload(id),
  };
  const studies = createLabStudies(analysing);
  const comparisons = createLabComparisons(analysing);
  const runs = createLabRuns({ store, dataFolder, version, now, guard });
  const lab: Lab = {
    dataFolder,
    listProfiles: () => guard(() => listProfiles(db)),
    showProfile: (id) =>
      guard(() => found('unknown-profile', 'profile', id, findProfile(db, id), () => ids(listProfiles(db)))),
    exportProfile: (id, format) => profileText(lab.showProfile(id).profile, format),
    listWorkloads: () => guard(() => listWorkloads(db)),
    showWorkload: (id) =>
      guard(() =>
        found('unknown-workload', 'workload', id, findWorkload(db, id), () => ids(listWorkloads(db))),
      ),
    ...studies,
    report: (id) => reportOf(lab.showStudy(id), version),
    reportHtml: (id) => (isComparison(id) ? lab.comparisons.report(id, 'html') : reportHtml(lab.report(id))),
    reportJson: (id) => `${JSON.stringify(lab.report(id), null, 2)}\n`,
    reproduce: () => {
      const { profiles, workload, others } = paperInputs();
      return reproducePaper(profiles, workload, others);
    },
    reproduceApart: async () => pool.run('reproduce', paperInputs()),
    comparisons,
    projects: createLabProjects({ store, now, guard }),
    recent: createLabRecent({ store, guard }),
    reports: createLabReports({
      store,
      pool,
      guard,
      now,
      show: (id) => lab.showStudy(id),
      comparisons,
      version,
    }),
    bundles: createLabBundles({
      store,
      check: options.checkBundle ?? checkHere(pool),
      guard,
      now,
      version,
    }),
    runs,
    models: createLabModels({ dataFolder, underWay: runs.underWay, mayWrite: () => void store.writable() }),
    workloads: createLabWorkloads({
      store,
      guard,
      show: (id) => lab.showWorkload(id),
      worker: options.importWorker,
    }),
    imports: createLabImports({ store, reader: options.profileReader ?? profileReader(), now, guard }),
    loadPreferences: () => guard(() => loadPreferences(db, log)),
    savePreferences: (preferences) => guard(() => savePreferences(store.writable(), preferences)),
    inspectComputer: () => guard(() => describeComputer(options, db)),
    close: () => {
      pool.close();
      lab.runs.endPowermetrics();
      lab.imports.forget();
      lab.bundles.close();
      store.close();
    },
  };
  return lab;
}
