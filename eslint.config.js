import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import ts from 'typescript-eslint';

/**
 * Who may import whom, as ARCHITECTURE.md has it. `folders` are forbidden as seen from the rule's files.
 * @param {string[]} files
 * @param {{ folders?: string[], packages?: string[], why: string }} rule
 */
const forbid = (files, { folders = [], packages = [], why }) => ({
  files,
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...(folders.length > 0
            ? [{ regex: `(^|/)\\.\\.?/(.*/)?(${folders.join('|')})(/|\\.ts$|$)`, message: why }]
            : []),
          ...(packages.length > 0 ? [{ regex: `^(${packages.join('|')})`, message: why }] : []),
        ],
      },
    ],
  },
});

const OUTSIDE = ['main', 'preload', 'cli', 'renderer', 'e2e'];

export default ts.config(
  { ignores: ['out/', 'node_modules/'] },
  js.configs.recommended,
  ts.configs.strict,
  vue.configs['flat/recommended'],
  prettier,
  {
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/one-component-per-file': 'off',
    },
  },
  { files: ['build/**', 'electron/**', 'profiles/**'], languageOptions: { globals: globals.node } },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  { files: ['build/**/*.mjs', 'build/**/*.js'], rules: { 'no-console': 'off' } },
  // Playwright's fixtures take an object pattern even where they need nothing of it.
  { files: ['e2e/**'], rules: { 'no-empty-pattern': 'off' } },

  // Core has folders of its own, whose files may look one level up and no further.
  ...[
    ['electron/core/*.ts', '\\./'],
    ['electron/core/*/**/*.ts', '\\.\\.?/(?!\\.)'],
  ].map(([files, within]) =>
    forbid([files], {
      folders: [
        'ipc',
        'meters',
        'engines',
        'importers',
        'store',
        'computer',
        'workers',
        'files',
        'lab',
        ...OUTSIDE,
      ],
      packages: [`(?!zod$|${within})`],
      why: 'core is pure: it imports core and zod only.',
    }),
  ),
  forbid(['electron/ipc/**/*.ts'], {
    folders: ['meters', 'engines', 'importers', 'store', 'computer', 'workers', 'files', 'lab', ...OUTSIDE],
    packages: ['(?!zod$|#core/|\\./)'],
    why: 'ipc imports core and zod only.',
  }),
  ...['meters', 'engines', 'importers', 'store', 'computer', 'workers', 'files'].map((adapter, _, all) =>
    forbid([`electron/${adapter}/**/*.ts`], {
      folders: [...all.filter((other) => other !== adapter && other !== 'files'), 'lab', ...OUTSIDE],
      packages: ['electron(/|$)', 'vue', '#ipc/'],
      why: 'Adapters import core and Node, not one another, and nothing above them.',
    }),
  ),
  forbid(['electron/lab.ts', 'electron/lab/**/*.ts'], {
    folders: OUTSIDE,
    packages: ['electron(/|$)', 'vue', '#ipc/'],
    why: 'The use cases know core and the adapters, and neither window nor command line.',
  }),
  forbid(['electron/cli/**/*.ts'], {
    folders: ['main', 'preload', 'renderer', 'e2e'],
    packages: ['electron(/|$)', 'vue', '#ipc/'],
    why: 'The command line runs without Electron.',
  }),
  forbid(['electron/main/**/*.ts'], {
    folders: ['cli', 'preload', 'renderer', 'e2e'],
    packages: ['vue'],
    why: 'The main process imports the use cases, not the window or the command line.',
  }),
  forbid(['electron/preload/**/*.ts'], {
    folders: ['main', 'cli', 'lab', 'store', 'renderer', 'e2e'],
    packages: ['(?!electron$|#ipc/)'],
    why: 'The preload knows the contract only, so that it can stay sandboxed and small.',
  }),
  forbid(['renderer/**/*.ts', 'renderer/**/*.vue'], {
    folders: ['electron', 'main', 'preload', 'cli', 'store', 'e2e'],
    packages: ['electron(/|$)', 'node:', 'better-sqlite3'],
    why: 'The window imports core and ipc, and reaches everything else through the lab client.',
  }),
);
