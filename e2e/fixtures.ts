import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test';

/** Starts the built lab in a real Electron window on a data folder. */
export async function launchLab(
  dataFolder: string,
  extra: readonly string[] = [],
): Promise<ElectronApplication> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return _electron.launch({ colorScheme: null, args: ['.', `--data=${dataFolder}`, ...asRoot, ...extra] });
}

interface Fixtures {
  /** the data folder of this test alone */
  dataFolder: string;
  app: ElectronApplication;
  /** the lab's window, with its first page shown */
  page: Page;
  /** everything that went wrong in the window's console */
  complaints: string[];
}

export const test = base.extend<Fixtures>({
  dataFolder: async ({}, use, info) => {
    await use(info.outputPath('data'));
  },
  app: async ({ dataFolder }, use) => {
    const app = await launchLab(dataFolder);
    await use(app);
    await app.close();
  },
  complaints: async ({}, use) => {
    await use([]);
  },
  page: async ({ app, complaints }, use) => {
    const page = await app.firstWindow();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    await use(page);
    expect(complaints, 'the window complained').toEqual([]);
  },
});

export { expect };
