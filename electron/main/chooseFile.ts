import { dialog, type BrowserWindow, type FileFilter } from 'electron';

/** What a file is chosen for, with what the dialog then shows. */
const PURPOSES = {
  model: { title: 'Choose a model', filters: [{ name: 'GGUF models', extensions: ['gguf'] }] },
  'power-log': {
    title: 'Choose a power log',
    filters: [
      {
        name: 'Power logs',
        extensions: ['plist', 'txt', 'log', 'csv', 'tsv', 'json', 'jsonl', 'ndjson', 'prom'],
      },
    ],
  },
  tokenizer: {
    title: 'Choose a tokenizer',
    filters: [{ name: 'tokenizer.json, GGUF models', extensions: ['json', 'gguf'] }],
  },
} satisfies Record<string, { title: string; filters: FileFilter[] }>;

/**
 * Lets the user choose a file in the system's own dialog.
 * @returns its path; null when the user cancelled
 */
export async function chooseFile(
  window: BrowserWindow,
  purpose: keyof typeof PURPOSES,
): Promise<string | null> {
  const { title, filters } = PURPOSES[purpose];
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title,
    // Logs come under any name: every file can be shown.
    filters: [...filters, { name: 'All files', extensions: ['*'] }],
    properties: ['openFile'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}
