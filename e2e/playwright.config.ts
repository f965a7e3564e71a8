import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { displays } from './displays.ts';

export default defineConfig({
  testDir: '.',
  outputDir: fileURLToPath(new URL('../out/test/e2e', import.meta.url)),
  timeout: 120_000,
  // How long something takes is no matter of these tests; this only ends what will never come.
  expect: { timeout: 30_000 },
  // One window on a display: two would take the focus from each other.
  workers: Math.max(displays.length, 1),
  reporter: [['list']],
  use: { trace: 'retain-on-failure' },
});
