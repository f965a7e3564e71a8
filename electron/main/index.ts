import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { app, nativeTheme, shell, type BrowserWindow } from 'electron';
import { LabError } from '#core/errors';
import type { Preferences } from '#core/preferences';
import type { RecentFiles } from '#core/recentFile';
import { createSigns } from '#core/runSigns';
import { openLab, type Lab } from '../lab.ts';
import { profileReaderProcess } from '../lab/profileReaderProcess.ts';
import { checkElsewhere } from '../lab/studyBundle/verifierProcess.ts';
import { dataFolderFrom } from '../store/dataFolder.ts';
import { createHandlers, SOURCES } from './handlers.ts';
import { answerRequests, tell } from './ipc.ts';
import { logError, logInto } from './log.ts';
import { setMenu } from './menu.ts';
import { createOpenedFiles, filesAmong } from './openedFiles.ts';
import { closeTheDoors, LAB_ORIGIN, registerScheme, servePages } from './pages.ts';
import { remembering } from './recentHandlers.ts';
import { windowSigns } from './signs.ts';
import { openWindow, placeWindow } from './window.ts';

const development = process.env['ELECTRON_RENDERER_URL'];
const dataFolder = dataFolderFrom(askedFolder());
let window: BrowserWindow | undefined;
let lab: Lab | LabError | undefined;

keepChromiumInside();
registerScheme();
const opened = createOpenedFiles((files) => tell(openedWindow(), 'filesOpened', { files }));
const asked = filesAmong(process.argv, process.cwd(), process.defaultApp);
if (app.requestSingleInstanceLock({ files: asked })) {
  opened.add(asked);
  app.on('second-instance', (_event, _arguments, _folder, more) => {
    showWindow();
    opened.add((more as { files?: string[] } | null)?.files ?? []);
  });
  // On a Mac the file manager says it so, also before the app is ready.
  app.on('open-file', (event, file) => {
    event.preventDefault();
    opened.add([file]);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', endRunFirst);
  app.on('will-quit', () => {
    if (lab !== undefined && !(lab instanceof LabError)) lab.close();
  });
  // Not awaited: Electron becomes ready only after this module has been evaluated.
  void app.whenReady().then(boot);
} else {
  process.stderr.write(
    'Crossover is already open on this data folder; its window was brought to the front.\n',
  );
  app.quit();
}

/** What `--data DIR` or `--data=DIR` says; Electron's own switches know the second form only. */
function askedFolder(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return typeof values.data === 'string' && values.data !== '' ? values.data : undefined;
}

/**
 * The window starts to load first, hidden; while Chromium starts its process, the lab is opened, and only then is
 * the window put where it was and shown. Requests of the page wait in the queue until the lab is there.
 */
function boot(): void {
  logInto(dataFolder);
  closeTheDoors(development);
  servePages(fileURLToPath(new URL('../renderer', import.meta.url)), (study) =>
    openedLab().reportHtml(study),
  );
  answerRequests(
    remembering(
      createHandlers({ window: openedWindow, lab: openedLab, dataFolder, openedFiles: opened.take }),
      openedLab,
      tellRecent,
    ),
    (event) => {
      const origin = development === undefined ? LAB_ORIGIN : new URL(development).origin;
      const frame = event.senderFrame;
      return frame !== null && frame === window?.webContents.mainFrame && frame.url.startsWith(`${origin}/`);
    },
  );
  window = openWindow(development);
  lab = tryOpenLab();
  const saved = lab instanceof LabError ? undefined : lab.loadPreferences();
  nativeTheme.themeSource = saved?.theme ?? 'system';
  placeWindow(window, saved?.window, rememberBounds);
  window.once('show', tellNews);
  window.once('show', () => makeMenu(lab === undefined || lab instanceof LabError ? [] : lab.recent.list()));
}

function makeMenu(recent: readonly RecentFiles[]): void {
  setMenu(
    (command) => tell(openedWindow(), 'menuCommand', command),
    () => void shell.openExternal(SOURCES.paper),
    recent,
  );
}

/** The menu and the window have the same list. */
function tellRecent(files: RecentFiles[]): void {
  if (window === undefined || window.isDestroyed()) return;
  makeMenu(files);
  tell(window, 'recentFiles', { files });
}

/** Chromium's own files (caches, cookies) go beside the lab's, so that one folder holds everything. */
function keepChromiumInside(): void {
  try {
    const inside = join(dataFolder, 'window');
    mkdirSync(inside, { recursive: true });
    app.setPath('userData', inside);
  } catch {
    // The data folder cannot be made: opening the lab says so in the window.
  }
}

function tryOpenLab(): Lab | LabError {
  try {
    return openLab({
      dataFolder,
      program: 'window',
      version: app.getVersion(),
      electron: process.versions.electron,
      profileReader: profileReaderProcess(),
      checkBundle: checkElsewhere(),
    });
  } catch (thrown) {
    logError('the lab could not be opened', thrown);
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
}

/** A run under way is left paused, with everything stored, before the lab closes; it can be resumed. */
function endRunFirst(event: Electron.Event): void {
  if (lab === undefined || lab instanceof LabError) return;
  const { runs } = lab;
  if (runs.underWay() === undefined) return;
  event.preventDefault();
  runs.interrupt();
  void runs.ended().finally(() => app.quit());
}

/** Hands on what a run tells to the window, for as long as there is one. */
function tellNews(): void {
  if (lab === undefined || lab instanceof LabError) return;
  const sign = createSigns(windowSigns(openedWindow, showRun));
  lab.runs.watch((news) => {
    if (window === undefined || window.isDestroyed()) return;
    tell(window, 'runNews', news);
    sign(news);
  });
}

function openedLab(): Lab {
  if (lab === undefined || lab instanceof LabError) {
    throw lab ?? new LabError('internal', 'The lab is not open yet.');
  }
  return lab;
}

function openedWindow(): BrowserWindow {
  if (window === undefined) throw new LabError('internal', 'The window is not open.');
  return window;
}

function showRun(): void {
  showWindow();
  tell(openedWindow(), 'menuCommand', { do: 'go', place: 'measure' });
}

function showWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function rememberBounds(bounds: NonNullable<Preferences['window']>): void {
  if (lab === undefined || lab instanceof LabError) return;
  try {
    lab.savePreferences({ ...lab.loadPreferences(), window: bounds });
  } catch (thrown) {
    logError('the window size could not be remembered', thrown);
  }
}
