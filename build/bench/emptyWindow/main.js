// The smallest app with a window like Crossover's.

import { BrowserWindow, app } from 'electron';
import { fileURLToPath } from 'node:url';

const data = process.argv[process.argv.indexOf('--data') + 1];
app.setPath('userData', data);

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true },
  });
  window.webContents.once('did-finish-load', () => process.stdout.write('crossover: usable\n'));
  return window.loadFile(fileURLToPath(new URL('index.html', import.meta.url)));
});
