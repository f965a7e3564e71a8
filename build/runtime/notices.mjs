// What the licences of packages ask for when their code is handed on as a part of a bundle: their notices with it.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The notices of all packages of which something is in a bundle.
 * @param {readonly string[]} modules paths of the bundle's modules
 * @returns {string} each package with its version, its licence and the licence's text
 */
export function noticesOf(modules) {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = [...folders].map((folder) => {
    const { name, version, license } = /** @type {{ name: string, version: string, license?: string }} */ (
      JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    );
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(each));
    const text =
      file === undefined
        ? 'Its package comes without the text of its licence.'
        : readFileSync(path.join(folder, file), 'utf8').trim();
    return `${name} ${version}, ${license ?? 'see below'}\n\n${text}\n`;
  });
  return `Parts of these packages are in the files under out/.\n\n${notices.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/**
 * The folder of the package that a module is of.
 * @param {string} module
 * @returns {string | undefined} undefined where it is of none, as the project's own
 */
function packageFolder(module) {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module) ?? [];
  const clean = folder?.replace(/^\0/, '');
  return clean !== undefined && existsSync(path.join(clean, 'package.json')) ? clean : undefined;
}
