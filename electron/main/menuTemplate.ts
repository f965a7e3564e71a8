import type { MenuItemConstructorOptions } from 'electron';
import { calledRecent, type RecentFiles } from '#core/recentFile';
import { REPORT_FORMATS, type Export } from '#core/reportFormat';
import type { EventData } from '#ipc/contract';

/** What a choice in a menu asks of the window. */
export type Command = EventData<'menuCommand'>;

/** What the menus need beside their words. */
export interface MenuParts {
  /** tells the window what was chosen */
  readonly command: (command: Command) => void;
  /** opens the paper's page in the browser */
  readonly openPaper: () => void;
  /** the files that were brought in or saved last */
  readonly recent: readonly RecentFiles[];
  /** whether the menus are those of a Mac, where the application has one of its own */
  readonly mac: boolean;
}

/** The application's menus as data. Everything in them is also in the window; the menus add the shortcuts. */
export function menuTemplate({ command, openPaper, recent, mac }: MenuParts): MenuItemConstructorOptions[] {
  const go = (label: string, place: Extract<Command, { do: 'go' }>['place'], key?: string) =>
    ({
      label,
      ...(key === undefined ? {} : { accelerator: `CmdOrCtrl+${key}` }),
      click: () => command({ do: 'go', place }),
    }) satisfies MenuItemConstructorOptions;
  const theme = (label: string, value: 'system' | 'light' | 'dark'): MenuItemConstructorOptions => ({
    label,
    click: () => command({ do: 'theme', theme: value }),
  });
  const keys: Partial<Record<Export, string>> = { html: 'CmdOrCtrl+E', json: 'CmdOrCtrl+Shift+E' };
  const taken = (format: Export, label: string): MenuItemConstructorOptions => ({
    id: `export ${format}`,
    label,
    ...(keys[format] === undefined ? {} : { accelerator: keys[format] }),
    click: () => command({ do: 'export', format }),
  });
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: () => command({ do: 'open' }) },
        {
          label: 'Open Recent',
          enabled: recent.length > 0,
          submenu: [
            ...recent.map((files) => ({
              // An ampersand would underline what follows it.
              label: calledRecent(files).replaceAll('&', '&&'),
              toolTip: files.paths.join(', '),
              click: () => command({ do: 'recent', id: files.id }),
            })),
            { type: 'separator' },
            { label: 'Clear', click: () => command({ do: 'clear-recent' }) },
          ],
        },
        { type: 'separator' },
        { label: 'Export Report', submenu: REPORT_FORMATS.map(({ id, name }) => taken(id, `As ${name}…`)) },
        taken('policy', 'Export Policy…'),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { label: 'Undo', accelerator: 'CmdOrCtrl+Z', click: () => command({ do: 'undo' }) },
        { label: 'Redo', accelerator: 'CmdOrCtrl+Shift+Z', click: () => command({ do: 'redo' }) },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Go',
      submenu: [
        { label: 'Find anything…', accelerator: 'CmdOrCtrl+K', click: () => command({ do: 'palette' }) },
        { type: 'separator' },
        go('Start', 'start', '0'),
        { type: 'separator' },
        go('Measure this Mac', 'measure', '1'),
        go('Profiles', 'profiles', '2'),
        go('Workload', 'workload', '3'),
        go('Find the threshold', 'threshold', '4'),
        go('Check it holds', 'check', '5'),
        go('Report', 'report', '6'),
        { type: 'separator' },
        go('Studies', 'studies', '7'),
        go('Reproduce the paper', 'reproduce', 'P'),
      ],
    },
    {
      label: '&View',
      submenu: [
        theme('Follow the system', 'system'),
        theme('Light', 'light'),
        theme('Dark', 'dark'),
        { type: 'separator' },
        { label: 'Units…', accelerator: 'CmdOrCtrl+,', click: () => command({ do: 'units' }) },
        { type: 'separator' },
        { role: 'resetZoom', accelerator: 'CmdOrCtrl+Shift+0' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        {
          label: 'Keyboard shortcuts',
          accelerator: 'CmdOrCtrl+/',
          click: () => command({ do: 'shortcuts' }),
        },
        { type: 'separator' },
        { label: 'The paper (arXiv 2407.00010)', click: openPaper },
      ],
    },
  ];
}
