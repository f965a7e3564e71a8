// The smallest app with a window like Crossover's.

import { BrowserWindow, app } from 'electron';
import { fileURLToPath } from 'node:url';

const data = process.argv[process.argv.indexOf('--data') + 1];
app.setPath('userData', data);

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true },
  });
  // Like the app: hidden until its page has painted, and usable once it is shown with its page loaded.
  const loaded = new Promise((resolve) => window.webContents.once('did-finish-load', resolve));
  const painted = new Promise((resolve) => window.once('ready-to-show', resolve));
  void painted.then(() => window.show());
  void Promise.all([loaded, painted]).then(() => process.stdout.write('crossover: usable\n'));
  return window.loadFile(fileURLToPath(new URL('index.html', import.meta.url)));
});
