import { binPairs } from '#core/analysis/binnedPairs';
import { join } from 'node:path';
import { app, dialog, nativeTheme, shell, type BrowserWindow } from 'electron';
import type { Preferences } from '#core/preferences';
import { RUN_BUNDLE_ENDING } from '#core/runBundle';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { bundleHandlers } from './bundleHandlers.ts';
import { chooseFile } from './chooseFile.ts';
import { printPdf } from './printPdf.ts';
import { projectHandlers } from './projectHandlers.ts';
import { importHandlers } from './importHandlers.ts';
import type { RecentRequest } from './recentHandlers.ts';
import { showNumbersAs } from './shownNumbers.ts';
import { studyHandlers } from './studyHandlers.ts';
import { workloadHandlers } from './workloadHandlers.ts';

/** The lab's own sources; nothing else is ever opened in a browser. */
export const SOURCES = {
  paper: 'https://arxiv.org/abs/2407.00010',
  'paper-doi': 'https://doi.org/10.1145/3632775.3662830',
} as const;

/** What the handlers need of the window and of the lab. */
export interface Surroundings {
  readonly window: () => BrowserWindow;
  /** @throws LabError when the data folder could not be opened; every request then says so */
  readonly lab: () => Lab;
  readonly dataFolder: string;
  /** files that the system has brought so far */
  readonly openedFiles: () => string[];
}

/** The answer to each request of the contract, but for those about recent files. */
export function createHandlers({
  window,
  lab,
  dataFolder,
  openedFiles,
}: Surroundings): Omit<Handlers, RecentRequest> {
  let lastExport: string | undefined;
  let printing: AbortController | undefined;

  const save = async (
    name: string,
    kind: string,
    make: () => string | Uint8Array | Promise<string | Uint8Array>,
  ): Promise<string | null> => {
    const content = await make();
    const { canceled, filePath } = await dialog.showSaveDialog(window(), {
      defaultPath: join(app.getPath('documents'), name),
      filters: [{ name: kind.toUpperCase(), extensions: [kind] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    if (canceled || filePath === '') return null;
    writeWhole(filePath, content, { overwrite: true });
    lastExport = filePath;
    return filePath;
  };

  return {
    describeLab: () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      dataFolder,
      platform: process.platform,
    }),
    inspectComputer: () => lab().inspectComputer(),
    listProfiles: () => lab().listProfiles(),
    showProfile: (id) => lab().showProfile(id),
    exportProfile: ({ profile, format }) =>
      save(`${profile}.${format}`, format, () => lab().exportProfile(profile, format)),
    listWorkloads: () => lab().listWorkloads(),
    showWorkload: (id) => lab().showWorkload(id),
    binWorkload: (id) => binPairs(lab().showWorkload(id).workload.pairs),
    ...studyHandlers(window, lab),
    ...projectHandlers(lab),
    ...bundleHandlers(window, lab),
    openedFiles,
    exportReport: ({ study, format, paper = 'A4' }) => {
      const ending = format === 'bundle' ? 'crossover' : format;
      return save(`crossover-${study}.${ending}`, ending, () =>
        format === 'pdf'
          ? printPdf(lab().reports.paper(study), paper, (printing = new AbortController()).signal)
          : lab().reports.file(study, format),
      );
    },
    cancelExport: () => printing?.abort(),
    exportPolicy: (study) =>
      save(`crossover-policy-${study}.zip`, 'zip', () => lab().reports.policyZip(study)),
    revealExport: () => {
      if (lastExport !== undefined) shell.showItemInFolder(lastExport);
    },
    previewRun: (request) => lab().runs.preview(request),
    allowPowermetrics: () => lab().runs.allowPowermetrics(),
    sizeRun: (request) => lab().runs.size(request),
    startRun: (request) => lab().runs.start(request),
    resumeRun: (id) => lab().runs.resume(id),
    pauseRun: () => lab().runs.pause(),
    continueRun: () => lab().runs.continue(),
    cancelRun: () => lab().runs.cancel(),
    showActiveRun: () => lab().runs.active(),
    listRuns: () => lab().runs.list(),
    showRun: (id) => {
      const { run, trials, events, profile, span } = lab().runs.show(id);
      return { run, trials: [...trials], events: [...events], profile, span };
    },
    readPower: ({ run, ...request }) => lab().runs.power(run, request),
    readSamples: ({ run, fromS, toS, limit }) =>
      lab().runs.samplePage(run, { startS: fromS, endS: toS, limit }),
    changeRun: ({ run, name, note }) =>
      lab().runs.change(run, {
        ...(name === undefined ? {} : { name }),
        ...(note === undefined ? {} : { note }),
      }),
    deleteRun: (id) => lab().runs.delete(id),
    exportRun: ({ run, format }) =>
      format === 'bundle'
        ? save(`${run}${RUN_BUNDLE_ENDING}`, 'zip', () => lab().runs.exportBundle(run).bytes)
        : save(`${run}.${format}`, format, () => lab().runs.exportText(run, format)),
    exportPicture: ({ name, png }) => save(`${fileNameOf(name)}.png`, 'png', () => png),
    exportText: ({ name, kind, text }) => save(`${fileNameOf(name)}.${kind}`, kind, () => text),
    chooseFile: (purpose) => chooseFile(window(), purpose),
    listModels: () => lab().models.list(),
    removeModels: (names) => lab().models.remove(names),
    ...importHandlers(window, lab),
    ...workloadHandlers(window, lab),
    exportWorkload: (id) => save(`${id}.json`, 'json', () => lab().workloads.exportWorkload(id)),
    loadPreferences: () => lab().loadPreferences(),
    savePreferences: (preferences) => {
      nativeTheme.themeSource = preferences.theme;
      lab().savePreferences({ ...lab().loadPreferences(), ...preferences } satisfies Preferences);
    },
    numberLocale: () => app.getSystemLocale(),
    showNumbersAs,
    openSource: async (source) => {
      await shell.openExternal(SOURCES[source]);
    },
    announceUsable: () => {
      if (process.env['CROSSOVER_ANNOUNCE'] !== '1') return;
      // A page that nobody sees yet is not usable.
      const say = (): void => void process.stdout.write('crossover: usable\n');
      if (window().isVisible()) say();
      else window().once('show', say);
    },
  };
}

/** A name as that of a file: letters, digits, dots and dashes. */
function fileNameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'chart';
}
