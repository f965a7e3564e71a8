import { fileURLToPath } from 'node:url';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Preferences } from '#core/preferences';
import { SMALLEST_SIZE, windowBounds } from './bounds.ts';
import { LAB_ORIGIN } from './pages.ts';

/** The colour behind the page before it has painted, so that a dark window does not flash white. */
const SURFACE = { light: '#F7F7F4', dark: '#121518' };

/**
 * Opens the lab's one window, hidden until its page has painted.
 * @param saved the bounds of the last time
 * @param development the address of the development server, when there is one
 * @param remember called with the bounds when the window closes
 */
export function openWindow(
  saved: Preferences['window'],
  development: string | undefined,
  remember: (bounds: NonNullable<Preferences['window']>) => void,
): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const window = new BrowserWindow({
    ...windowBounds(
      saved,
      [primary, ...others].map((display) => display.workArea),
    ),
    minWidth: SMALLEST_SIZE.width,
    minHeight: SMALLEST_SIZE.height,
    show: false,
    title: 'Crossover',
    backgroundColor: nativeTheme.shouldUseDarkColors ? SURFACE.dark : SURFACE.light,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (saved?.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    remember({ ...window.getNormalBounds(), maximised: window.isMaximized() });
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  keepAtHome(window);
  void window.loadURL(development ?? `${LAB_ORIGIN}/`);
  return window;
}

/** No navigation, no new windows, no embedded pages of others. */
function keepAtHome(window: BrowserWindow): void {
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
}
