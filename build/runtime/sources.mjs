// The TypeScript sources as files that plain Node can import, for what runs parts of them outside the built app.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.mjs';

/**
 * Bundles some of the sources.
 * @param {Readonly<Record<string, string>>} entries names for the results, with paths in the repository
 * @returns {Promise<{ folder: string, remove: () => void }>} where `<name>.mjs` is for each; as deep in the
 * repository as the built app, so that it finds packages and bundled profiles as that does
 */
export async function bundleSources(entries) {
  const { build } = await import('vite');
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'out', 'bundle-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, file]) => [name, path.join(root, file)]),
        ),
        external: ['better-sqlite3', 'koffi', 'node-llama-cpp', '@duckdb/node-api', 'highs'],
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
