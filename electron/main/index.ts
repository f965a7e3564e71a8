import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, nativeTheme, type BrowserWindow } from 'electron';
import { LabError } from '#core/errors';
import type { Preferences } from '#core/preferences';
import { openLab, type Lab } from '../lab.ts';
import { dataFolderFrom } from '../store/dataFolder.ts';
import { createHandlers, SOURCES } from './handlers.ts';
import { answerRequests, tell } from './ipc.ts';
import { logError, logInto } from './log.ts';
import { setMenu } from './menu.ts';
import { closeTheDoors, LAB_ORIGIN, registerScheme, servePages } from './pages.ts';
import { openWindow } from './window.ts';

const development = process.env['ELECTRON_RENDERER_URL'];
const dataFolder = dataFolderFrom(app.commandLine.getSwitchValue('data') || undefined);
let window: BrowserWindow | undefined;
let lab: Lab | LabError | undefined;

keepChromiumInside();
registerScheme();
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow);
  app.on('window-all-closed', () => app.quit());
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

function boot(): void {
  logInto(dataFolder);
  lab = tryOpenLab();
  const saved = lab instanceof LabError ? undefined : lab.loadPreferences();
  nativeTheme.themeSource = saved?.theme ?? 'system';
  closeTheDoors(development);
  servePages(fileURLToPath(new URL('../renderer', import.meta.url)), (study) =>
    openedLab().reportHtml(study),
  );
  answerRequests(createHandlers({ window: openedWindow, lab: openedLab, dataFolder }), (event) => {
    const origin = development === undefined ? LAB_ORIGIN : new URL(development).origin;
    const frame = event.senderFrame;
    return frame !== null && frame === window?.webContents.mainFrame && frame.url.startsWith(`${origin}/`);
  });
  window = openWindow(saved?.window, development, rememberBounds);
  setMenu(
    (command) => tell(openedWindow(), 'menuCommand', command),
    () => void import('electron').then(({ shell }) => shell.openExternal(SOURCES.paper)),
  );
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
    });
  } catch (thrown) {
    logError('the lab could not be opened', thrown);
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
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
