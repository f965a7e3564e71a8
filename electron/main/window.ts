import { fileURLToPath } from 'node:url';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Preferences } from '#core/preferences';
import { DEFAULT_SIZE, SMALLEST_SIZE, windowBounds } from './bounds.ts';
import { LAB_ORIGIN } from './pages.ts';

/** The colour behind the page before it has painted, so that a dark window does not flash white. */
const SURFACE = { light: '#F7F7F4', dark: '#121518' };

/**
 * Makes the lab's one window, hidden, and starts to load its page.
 * @param development the address of the development server, when there is one
 */
export function openWindow(development: string | undefined): BrowserWindow {
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    minWidth: SMALLEST_SIZE.width,
    minHeight: SMALLEST_SIZE.height,
    show: false,
    title: 'Crossover',
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  keepAtHome(window);
  void window.loadURL(development ?? `${LAB_ORIGIN}/`);
  return window;
}

/**
 * Puts the window where it was the last time, and shows it once its page has painted.
 * @param saved the bounds of the last time
 * @param remember called with the bounds when the window closes
 */
export function placeWindow(
  window: BrowserWindow,
  saved: Preferences['window'],
  remember: (bounds: NonNullable<Preferences['window']>) => void,
): void {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const bounds = windowBounds(
    saved,
    [primary, ...others].map((display) => display.workArea),
  );
  if (bounds.x === undefined) {
    window.setSize(bounds.width, bounds.height);
    window.center();
  } else {
    window.setBounds(bounds);
  }
  window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? SURFACE.dark : SURFACE.light);
  window.once('ready-to-show', () => {
    if (saved?.maximised) window.maximize();
    window.show();
  });
  window.on('close', () => remember({ ...window.getNormalBounds(), maximised: window.isMaximized() }));
}

/** No navigation, no new windows, no embedded pages of others. */
function keepAtHome(window: BrowserWindow): void {
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
}
