/** Bundles a TypeScript entry, so that a test can start it as a real process under plain Node. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Bundled {
  /** the JavaScript file */
  readonly file: string;
  readonly remove: () => void;
}

/**
 * @param entry relative to the repository
 * @param beside further entries, each bundled as `NAME.mjs` beside the first
 * @returns a file two folders below the repository, as deep as the built app's own, so that it finds the bundled
 * profiles and packages as those do
 */
export async function bundleForChild(
  entry: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<Bundled> {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'out', 'test-'));
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
        external: ['better-sqlite3', 'koffi', 'node-llama-cpp', '@duckdb/node-api', 'highs'],
        input: Object.fromEntries(
          Object.entries({ entry, ...beside, ...analysisOf(entry) }).map(([name, file]) => [
            name,
            path.join(root, file),
          ]),
        ),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    file: path.join(folder, 'entry.mjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The whole program analyses on threads of its own, whose file lies beside it. */
function analysisOf(entry: string): Readonly<Record<string, string>> {
  return entry.endsWith('/runMain.ts') ? { analysis: 'electron/workers/analysisWorker.ts' } : {};
}
