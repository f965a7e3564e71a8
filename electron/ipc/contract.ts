import type { BinnedPairs } from '#core/analysis/binnedPairs';
import { z } from 'zod';
import {
  profileSummarySchema,
  storedProfileSchema,
  storedWorkloadSchema,
  studySummarySchema,
  workloadSummarySchema,
} from '#core/catalogue';
import { foundBundleSchema } from '#core/bundleFound';
import { manySettingsSchema } from '#core/analysis/manySettings';
import type { ManyResult } from '#core/analysis/manySystems';
import type { VariationAnswer } from '#core/analysis/variations';
import { comparisonSummarySchema } from '#core/storedComparison';
import type { StudyComparison } from '#core/compareStudies';
import { computerReportSchema } from '#core/computer';
import type { Wire } from '#core/errors';
import { FILE_KINDS } from '#core/fileKind';
import { PLACES, preferencesSchema } from '#core/preferences';
import {
  activeRunSchema,
  powerSeriesSchema,
  runEstimateSchema,
  runModelSchema,
  runNewsSchema,
  runPreviewSchema,
  samplePageSchema,
} from '#core/activeRun';
import { modelCacheSchema, removedModelsSchema } from '#core/modelCache';
import { diagnosisSchema } from '#core/import/diagnosis';
import { importOptionsSchema } from '#core/import/options';
import { acceptedImportSchema, importRecordSchema } from '#core/import/record';
import { LONGEST_PROJECT_NAME, projectSchema } from '#core/project';
import { EXPORTS, PAPERS, REPORT_FORMATS } from '#core/reportFormat';
import { recentFilesSchema } from '#core/recentFile';
import { runEventSchema, runSchema } from '#core/run';
import { runImportSchema } from '#core/runImport';
import { runRequestSchema } from '#core/runRequest';
import { runSummarySchema } from '#core/runSummary';
import { takenBundleSchema } from '#core/studyBundle';
import { operationSchema, saidOperationSchema } from '#core/simulation/operation';
import type { Reproduction } from '#core/reproduction';
import type { Simulation } from '#core/simulation/simulate';
import { trialSchema } from '#core/trial';
import { settingsSchema, type StudyResult } from '#core/study';
import { checkedWorkloadSchema, importedWorkloadSchema } from '#core/workloadImport/check';
import { workloadRequestSchema } from '#core/workloadImport/request';
import type { EventName, RequestName } from './names.ts';
import { STUDY_WORK } from './studyWork.ts';

const id = z.string().min(1).max(200);
const nothing = z.void();
const path = z.string().min(1).max(4096);
const projectName = z.string().max(LONGEST_PROJECT_NAME);

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
function isPng(bytes: Uint8Array): boolean {
  return bytes.length <= 64e6 && PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
}

const importSchema = z.strictObject({
  /** paths, as chosen or dropped */
  files: z.array(path).min(1).max(200),
  options: importOptionsSchema,
});

/** Everything the window may ask, with the form of the question and of the answer. */
export const requests = {
  describeLab: {
    input: nothing,
    output: z.strictObject({
      version: z.string(),
      electron: z.string(),
      dataFolder: z.string(),
      platform: z.string(),
    }),
  },
  inspectComputer: { input: nothing, output: computerReportSchema },
  listProfiles: { input: nothing, output: z.array(profileSummarySchema) },
  showProfile: { input: id, output: storedProfileSchema },
  /** asks where to, writes the file; null when the user cancelled */
  exportProfile: {
    input: z.strictObject({ profile: id, format: z.enum(['yaml', 'json']) }),
    output: z.string().nullable(),
  },
  listWorkloads: { input: nothing, output: z.array(workloadSummarySchema) },
  showWorkload: { input: id, output: storedWorkloadSchema },
  /** the pairs of a workload that is too large to be drawn one by one, in bins */
  binWorkload: {
    input: id,
    output: z.custom<BinnedPairs>((value) => typeof value === 'object'),
  },
  /**
   * runs the study with these settings and stores it; the same settings and inputs are the same study. `studyProgress`
   * tells how far it is
   */
  saveStudy: { input: settingsSchema, output: studySummarySchema },
  /** the result that a study would have, with what takes longer than a redraw; stores nothing. A new one stops the last */
  previewStudy: {
    input: settingsSchema,
    output: z.custom<StudyResult>((value) => typeof value === 'object'),
  },
  /** any number of systems, by ordered thresholds; stores nothing. A new one stops the last */
  compareSystems: {
    input: manySettingsSchema,
    output: z.custom<ManyResult>((value) => typeof value === 'object'),
  },
  /** a study with one thing changed at a time, over all workloads; stores nothing. A new one stops the last */
  varyStudy: {
    input: settingsSchema,
    output: z.custom<VariationAnswer[]>((value) => Array.isArray(value)),
  },
  /** the study's policy carried out by devices, as queries come at random; stores nothing. A new one stops the last */
  simulateStudy: {
    input: z.strictObject({ settings: settingsSchema, operation: operationSchema }),
    output: z.custom<Simulation>((value) => typeof value === 'object'),
  },
  /** the paper's analysis on the bundled figures; stores nothing */
  reproducePaper: {
    input: nothing,
    output: z.custom<Reproduction>((value) => typeof value === 'object'),
  },
  /** runs a comparison of any number of systems and stores it; the same again is the same comparison */
  saveComparison: { input: manySettingsSchema, output: comparisonSummarySchema },
  /** the stored comparisons, the latest first */
  listComparisons: { input: nothing, output: z.array(comparisonSummarySchema) },
  /** a comparison's name and note, which are no part of it */
  changeComparison: {
    input: z.strictObject({
      comparison: id,
      name: z.string().max(200).optional(),
      note: z.string().max(10_000).optional(),
    }),
    output: comparisonSummarySchema,
  },
  /** removes a comparison, until the lab is opened again */
  removeComparison: { input: id, output: nothing },
  /** takes that back */
  restoreComparison: { input: id, output: comparisonSummarySchema },
  /** stops work of a kind that is under way, which then fails with "interrupted" */
  cancelStudy: { input: z.enum(STUDY_WORK), output: nothing },
  /** the studies of the current project, the latest first */
  listStudies: { input: nothing, output: z.array(studySummarySchema) },
  /** a study's name and note, which are no part of it */
  changeStudy: {
    input: z.strictObject({
      study: id,
      name: z.string().max(200).optional(),
      note: z.string().max(10_000).optional(),
    }),
    output: studySummarySchema,
  },
  /** takes a study out of the current project, until the lab is opened again */
  removeStudy: { input: id, output: nothing },
  /** takes a study's removal back */
  restoreStudy: { input: id, output: studySummarySchema },
  /** what a study's bundle holds, and whether its numbers hold; stores nothing. `bundleProgress` tells how far it is */
  inspectBundle: { input: path, output: foundBundleSchema },
  /** stores the study of the bundle that was looked at last, and what is lacking of its inputs, in the current project */
  openBundle: { input: path, output: takenBundleSchema },
  /** stops the look at a bundle, which then fails with "interrupted", or lets go of the bundle */
  closeBundle: { input: nothing, output: nothing },
  /** files that the system has brought before the window was there; from now on `filesOpened` tells of others */
  openedFiles: { input: nothing, output: z.array(z.string()) },
  /** the files that were brought in or saved last */
  listRecent: { input: nothing, output: z.array(recentFilesSchema) },
  /**
   * the paths of recent files, to be brought in once more; none where the system opened them, as it does reports. What is
   * no longer there leaves the list
   */
  openRecent: { input: z.string().max(1e6), output: z.array(z.string()) },
  clearRecent: { input: nothing, output: nothing },
  listProjects: { input: nothing, output: z.array(projectSchema) },
  /** makes an empty project, which is then the current one */
  makeProject: { input: z.strictObject({ name: projectName.optional() }), output: projectSchema },
  /** makes a project the current one */
  openProject: { input: id, output: projectSchema },
  /** renames a project, or remembers the study being worked on in it */
  changeProject: {
    input: z.strictObject({
      project: id,
      name: projectName.optional(),
      draft: settingsSchema.optional(),
      operation: saidOperationSchema.optional(),
    }),
    output: projectSchema,
  },
  /** the same draft and studies under another name; the copy is then the current one */
  duplicateProject: { input: id, output: projectSchema },
  /** answers with the project that is then the current one; until the lab is opened again it can be taken back */
  removeProject: { input: id, output: projectSchema },
  /** takes that back; the project is then the current one */
  restoreProject: { input: id, output: projectSchema },
  /** two stored studies side by side */
  compareStudies: {
    input: z.strictObject({ a: id, b: id }),
    output: z.custom<StudyComparison>((value) => typeof value === 'object'),
  },
  /** asks where to, writes the report of a study or of a comparison; null when the user cancelled */
  exportReport: {
    input: z.strictObject({
      study: id,
      format: z.enum(REPORT_FORMATS.map(({ id }) => id)),
      paper: z.enum(PAPERS).optional(),
    }),
    output: z.string().nullable(),
  },
  /** stops the PDF that is being made, which then fails with "interrupted" */
  cancelExport: { input: nothing, output: nothing },
  /** asks where to, writes the study's policy as a zip to deploy; null when the user cancelled */
  exportPolicy: { input: id, output: z.string().nullable() },
  /** shows the last file that was exported in the file manager */
  revealExport: { input: nothing, output: nothing },
  /** what a run would be: plan, checks, meter, model, estimate; starts nothing */
  previewRun: { input: runRequestSchema, output: runPreviewSchema },
  /** asks through the system's dialog for the rights that powermetrics needs, for this session */
  allowPowermetrics: { input: nothing, output: nothing },
  /** the model of a run and what it would take, without a look at the computer */
  sizeRun: {
    input: runRequestSchema,
    output: z.strictObject({ model: runModelSchema, estimate: runEstimateSchema }),
  },
  /** begins a run and answers at once; `runNews` tells the rest */
  startRun: { input: runRequestSchema, output: activeRunSchema },
  /** goes on with a run that was paused or interrupted */
  resumeRun: { input: id, output: activeRunSchema },
  /** holds the run under way before its next trial */
  pauseRun: { input: nothing, output: nothing },
  continueRun: { input: nothing, output: nothing },
  /** ends the run under way; its completed trials stay */
  cancelRun: { input: nothing, output: nothing },
  /** null when none is under way (or the last one has ended in an earlier start) */
  showActiveRun: { input: nothing, output: activeRunSchema.nullable() },
  listRuns: { input: nothing, output: z.array(runSummarySchema) },
  showRun: {
    input: id,
    output: z.strictObject({
      run: runSchema,
      trials: z.array(trialSchema),
      events: z.array(runEventSchema),
      /** its profile, once a cell has a valid trial */
      profile: z.string().nullable(),
      /** the run's clock from its first to its last sample, s; null without samples */
      span: z.strictObject({ startS: z.number(), endS: z.number() }).nullable(),
    }),
  },
  readPower: {
    input: z.strictObject({
      run: id,
      fromS: z.number(),
      toS: z.number(),
      points: z.number().int().min(10).max(10_000),
    }),
    output: powerSeriesSchema,
  },
  /** the first raw samples that overlap a span; the next page begins where the last of them ends */
  readSamples: {
    input: z.strictObject({
      run: id,
      fromS: z.number(),
      toS: z.number(),
      limit: z.number().int().min(1).max(10_000),
    }),
    output: samplePageSchema,
  },
  changeRun: {
    input: z.strictObject({
      run: id,
      name: z.string().max(200).optional(),
      note: z.string().max(10_000).optional(),
    }),
    output: nothing,
  },
  /** deletes a run with its samples, trials and profile */
  deleteRun: { input: id, output: nothing },
  /** asks where to, writes the trials (CSV), everything but samples (JSON) or all of it (bundle); null when cancelled */
  exportRun: {
    input: z.strictObject({ run: id, format: z.enum(['csv', 'json', 'bundle']) }),
    output: z.string().nullable(),
  },
  /** asks where to, writes a chart's PNG; null when cancelled */
  exportPicture: {
    input: z.strictObject({
      name: z.string().min(1).max(200),
      png: z.instanceof(Uint8Array).refine(isPng, 'it is not a PNG of at most 64 MB'),
    }),
    output: z.string().nullable(),
  },
  /** asks where to, writes a chart as SVG or its data as CSV; null when cancelled */
  exportText: {
    input: z
      .strictObject({
        name: z.string().min(1).max(200),
        kind: z.enum(['svg', 'csv']),
        text: z.string().max(64e6),
      })
      .refine(
        ({ kind, text }) => kind !== 'svg' || /^\s*(?:<\?xml[^>]*>\s*)?<svg\b/.test(text),
        'it is no SVG',
      ),
    output: z.string().nullable(),
  },
  /** lets the user choose a file in the system's dialog: its path, or null when cancelled */
  chooseFile: { input: z.enum(['model', 'power-log', 'tokenizer']), output: z.string().nullable() },
  /** the made-up weights in the data folder */
  listModels: { input: nothing, output: modelCacheSchema },
  /** removes some of them, by their names in the list */
  removeModels: { input: z.array(id).min(1).max(1000), output: removedModelsSchema },
  /** which page files are for, by their content */
  recogniseFiles: { input: importSchema.shape.files, output: z.enum(FILE_KINDS) },
  /** asks which files; empty when the user cancelled */
  chooseImportFiles: { input: nothing, output: z.array(z.string()) },
  listImportFormats: {
    input: nothing,
    output: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  },
  /** imports run bundles, or says what would be; null when the files are none, and the doctor is to look at them */
  importRuns: {
    input: importSchema.pick({ files: true }).extend({ check: z.boolean() }),
    output: runImportSchema.nullable(),
  },
  /** what would be imported; writes nothing. `importProgress` tells how far a long one is */
  checkImport: { input: importSchema, output: diagnosisSchema },
  /** stores it; the same import again changes nothing */
  acceptImport: {
    input: importSchema.extend({ replace: z.boolean().optional() }),
    output: acceptedImportSchema,
  },
  /** stops the check or the import under way, which then fails with "interrupted" */
  cancelImport: { input: nothing, output: nothing },
  /** lets go of the files that were looked at last, once no correction will follow */
  closeImport: { input: nothing, output: nothing },
  /** where an imported profile came from; null when it is no import */
  importOf: { input: id, output: importRecordSchema.nullable() },
  /** undoes an import; bundled and measured profiles are refused */
  removeProfile: { input: id, output: nothing },
  /** asks which files; empty when the user cancelled */
  chooseWorkloadFiles: { input: nothing, output: z.array(z.string()) },
  /** how files are understood and what would be imported; writes nothing. `workloadProgress` tells how far it is */
  checkWorkload: { input: workloadRequestSchema, output: checkedWorkloadSchema },
  /** stores what the same request was checked as; the same import again changes nothing */
  importWorkload: { input: workloadRequestSchema, output: importedWorkloadSchema },
  /** stops the check or the import of a workload under way, which then fails with "interrupted" */
  cancelWorkload: { input: nothing, output: nothing },
  /** bundled ones are refused; studies keep their copy */
  removeWorkload: { input: id, output: nothing },
  /** asks where to, writes the file; null when the user cancelled */
  exportWorkload: { input: id, output: z.string().nullable() },
  loadPreferences: { input: nothing, output: preferencesSchema },
  savePreferences: { input: preferencesSchema.omit({ window: true }), output: nothing },
  /** the language whose number signs the system is set to, BCP 47 */
  numberLocale: { input: nothing, output: z.string() },
  /** the language whose number signs the window shows from now on, BCP 47 */
  showNumbersAs: { input: z.string().max(100), output: nothing },
  /** opens one of the lab's own sources in the browser */
  openSource: { input: z.enum(['paper', 'paper-doi']), output: nothing },
  /** the first page is usable */
  announceUsable: { input: nothing, output: nothing },
} satisfies Record<RequestName, { input: z.ZodType; output: z.ZodType }>;

/** Everything the window is told. */
export const events = {
  menuCommand: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('go'), place: z.enum(PLACES) }),
    z.strictObject({ do: z.literal('theme'), theme: z.enum(['system', 'light', 'dark']) }),
    z.strictObject({ do: z.literal('export'), format: z.enum(EXPORTS.map(({ id }) => id)) }),
    z.strictObject({ do: z.literal('recent'), id: z.string() }),
    z.strictObject({ do: z.enum(['shortcuts', 'palette', 'units', 'undo', 'redo', 'open', 'clear-recent']) }),
  ]),
  runNews: runNewsSchema,
  /** share done of the check or import under way, 0 to 1 */
  importProgress: z.strictObject({ fraction: z.number().min(0).max(1) }),
  /** what is being done for the workload's check or import under way, and the share done of it, 0 to 1 */
  workloadProgress: z.strictObject({ what: z.string(), fraction: z.number().min(0).max(1) }),
  /** what is being done for the look at a bundle, and the share done of it, 0 to 1 */
  bundleProgress: z.strictObject({ what: z.string(), fraction: z.number().min(0).max(1) }),
  /** files that the system has brought to this window: from the file manager, or a second start */
  filesOpened: z.strictObject({ files: z.array(z.string()).min(1) }),
  /** the recent files, whenever they have become others */
  recentFiles: z.strictObject({ files: z.array(recentFilesSchema) }),
  /** what is being done for work of a kind that is under way, and the share done of it, 0 to 1 */
  studyProgress: z.strictObject({
    kind: z.enum(STUDY_WORK),
    what: z.string(),
    fraction: z.number().min(0).max(1),
  }),
} satisfies Record<EventName, z.ZodType>;

export type RequestInput<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;
export type EventData<N extends EventName> = z.output<(typeof events)[N]>;

/** What main must answer; a forgotten one does not compile. */
export type Handlers = {
  [N in RequestName]: (input: RequestInput<N>) => Promise<RequestOutput<N>> | RequestOutput<N>;
};

/** What the preload puts on the window: unvalidated, typed as loosely as it is. */
export interface Bridge {
  readonly request: { readonly [N in RequestName]: (input?: unknown) => Promise<Wire<unknown>> };
  /** @returns the function that ends the listening */
  readonly on: { readonly [N in EventName]: (listener: (data: unknown) => void) => () => void };
  /** where a File that the user dropped on the window lies; empty for one that lies nowhere */
  readonly pathOf: (file: unknown) => string;
}
