import type * as electron from 'electron';
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test';
import { useOwnDisplay } from './displays.ts';

useOwnDisplay();

/** Starts the built lab in a real Electron window on a data folder. */
export async function launchLab(
  dataFolder: string,
  extra: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<ElectronApplication> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return _electron.launch({
    colorScheme: null,
    args: ['.', `--data=${dataFolder}`, ...asRoot, ...extra],
    env: { ...(process.env as Record<string, string>), ...environment },
  });
}

/** What the inspector says when the engine's garbage collector was faster than its answer. */
const LOST_ANSWER = 'promise was garbage collected';

/**
 * Runs a function in the main process, again where the inspector lost its answer to the garbage collector: the
 * functions that tests pass may run twice.
 */
export const inMain = (async (app: ElectronApplication, work: never, argument: never) => {
  for (let tries = 1; ; tries++) {
    try {
      return await app.evaluate(work, argument);
    } catch (thrown) {
      if (tries === 5 || !(thrown instanceof Error && thrown.message.includes(LOST_ANSWER))) throw thrown;
    }
  }
}) as unknown as <R, A>(
  app: ElectronApplication,
  work: (main: typeof electron, argument: A) => R | Promise<R>,
  argument?: A,
) => Promise<R>;

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
