import { Menu } from 'electron';
import { menuTemplate, type MenuParts } from './menuTemplate.ts';

/** Sets the application's menus. */
export function setMenu(
  command: MenuParts['command'],
  openPaper: MenuParts['openPaper'],
  recent: MenuParts['recent'],
): void {
  const mac = process.platform === 'darwin';
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ command, openPaper, recent, mac })));
}
