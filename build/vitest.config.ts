import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [vue()],
  test: {
    include: ['{electron,renderer,build,profiles}/**/*.test.ts'],
    environment: 'node',
    // Every core: Vitest would leave one idle, which of two is half.
    maxWorkers: availableParallelism(),
    globalSetup: 'build/analysisWorker.ts',
    setupFiles: 'build/useAnalysisWorker.ts',
    // Tests have no time limits of their own; this one only ends a run that hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
