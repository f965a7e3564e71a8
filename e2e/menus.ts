import type { ElectronApplication } from '@playwright/test';
import { inMain } from './fixtures.ts';

/** An item of the native menus: where it stands, and its keys as the window writes them. */
export interface Item {
  /** from the menu bar down, as "&File › Export Report › As PDF…" */
  readonly path: string;
  readonly keys: string | undefined;
  readonly enabled: boolean;
  /** what the system does by itself */
  readonly role: string | undefined;
}

/** Everything that can be pressed in the native menus. */
export const menuItems = (app: ElectronApplication): Promise<Item[]> =>
  inMain(app, ({ Menu }) => {
    const items = (menu: Electron.Menu | null | undefined, above: string): Item[] =>
      (menu?.items ?? []).flatMap((item) => {
        if (item.type === 'separator') return [];
        const path = above === '' ? item.label : `${above} › ${item.label}`;
        if (item.submenu !== undefined && item.submenu !== null) return items(item.submenu, path);
        const keys = item.accelerator?.toString().replace('CmdOrCtrl+', 'Ctrl+').replace('Shift+', '⇧');
        return [{ path, keys, enabled: item.enabled, role: item.role?.toString() }];
      });
    return items(Menu.getApplicationMenu(), '');
  });

/** Presses an item of the native menus, as a click on it does. */
export const pressMenu = (app: ElectronApplication, path: string): Promise<void> =>
  inMain(
    app,
    ({ BrowserWindow, Menu }, where) => {
      let menu = Menu.getApplicationMenu();
      let found: Electron.MenuItem | undefined;
      for (const label of where.split(' › ')) {
        found = menu?.items.find((item) => item.label === label);
        menu = found?.submenu ?? null;
      }
      if (found === undefined || !found.enabled) throw new Error(`Nothing to press at ${where}.`);
      const [window] = BrowserWindow.getAllWindows();
      (found.click as (...given: unknown[]) => void)({}, window, window!.webContents);
    },
    path,
  );
