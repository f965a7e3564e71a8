// What is built from what. Entry paths are absolute: a relative one is taken for a package's name.

import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Said outright, since electron-vite otherwise aims at the newest Electron: both the pinned Electron and an older one
// must run the result.
const nodeTarget = 'node20';
const chromeTarget = 'chrome130';

export default defineConfig({
  // The window's main process and the command line share their code. Packages are bundled, which starts faster; the
  // native one cannot be.
  main: {
    // fflate's build for Node declares a `require` of its own, and electron-vite puts another one beside it. What we use
    // of fflate (no workers) is the same in its build for browsers.
    resolve: { alias: { fflate: 'fflate/browser' } },
    build: {
      outDir: fromRoot('out'),
      emptyOutDir: false,
      target: nodeTarget,
      sourcemap: true,
      minify: true,
      externalizeDeps: false,
      rolldownOptions: {
        external: ['better-sqlite3', 'koffi', 'node-llama-cpp', '@duckdb/node-api', 'highs'],
        input: {
          main: fromRoot('electron/main/index.ts'),
          cli: fromRoot('electron/cli/index.ts'),
          print: fromRoot('electron/main/printMain.ts'),
          engine: fromRoot('electron/engines/embeddedWorker.ts'),
          ioreport: fromRoot('electron/meters/ioreportWorker.ts'),
          doctor: fromRoot('electron/lab/profileReaderWorker.ts'),
          verifier: fromRoot('electron/lab/studyBundle/verifierWorker.ts'),
          importer: fromRoot('electron/importers/importWorker.ts'),
          analysis: fromRoot('electron/workers/analysisWorker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name]/index.js',
          chunkFileNames: 'shared/[name]-[hash].js',
        },
      },
    },
  },
  // One CommonJS file without packages beside it: only such a preload script can run sandboxed.
  preload: {
    build: {
      outDir: fromRoot('out/preload'),
      target: nodeTarget,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: fromRoot('electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: fromRoot('renderer'),
    plugins: [vue()],
    // The window shares #core and #ipc, which are outside its folder.
    server: { fs: { allow: [fromRoot('.')] } },
    build: {
      outDir: fromRoot('out/renderer'),
      emptyOutDir: true,
      target: chromeTarget,
      minify: true,
      rolldownOptions: { input: { index: fromRoot('renderer/index.html') } },
    },
  },
});
