// npm run build:collector: the command line by itself, to be copied to a cluster's nodes. See build/collect/README.md.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { here, makeCollector, targets } from './runtime/collector.mjs';
import { runQuietly, tail } from './runtime/commands.mjs';
import { Problem, note, runScript } from './runtime/messages.mjs';
import { root } from './runtime/places.mjs';
import { ensureSqlite } from './runtime/sqlite.mjs';

const help = `npm run build:collector -- [--for TARGET] [--embedded] [--compiled]

  --for TARGET   the computer it is for: ${targets.join(', ')} (default: this one's, ${here()})
  --embedded     with the embedded engine (llama.cpp on the CPU), about 40 MB more
  --compiled     with SQLite as it was compiled here, for Node 20.19 to 22.13 on a system like this one`;

await runScript(async () => {
  const flags = read();
  if (flags === undefined) return;
  const into = path.join(root, 'out', 'collector');
  if (flags.compiled) await ensureSqlite([0]);
  note('building the collector …');
  const { folder, name, packages, node } = await makeCollector({
    into,
    target: flags.for,
    embedded: flags.embedded,
    compiled: flags.compiled,
  });
  const archive = `${folder}.tar.gz`;
  const packed = await runQuietly('tar', ['-czf', archive, '-C', into, name]);
  if (packed.code !== 0) throw new Problem(`The collector could not be packed:\n${tail(packed.output)}`);
  note(
    `it holds ${packages.length} packages (${packages.slice(0, 3).join(', ')}${packages.length > 3 ? ', …' : ''}).`,
  );
  note(`it needs Node ${node} where it runs, and nothing else.`);
  process.stdout.write(`${archive}\n`);
});

function read() {
  try {
    const { values } = parseArgs({
      options: {
        for: { type: 'string', default: here() },
        embedded: { type: 'boolean', default: false },
        compiled: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help) return values;
    process.stdout.write(`${help}\n`);
    return undefined;
  } catch (thrown) {
    throw new Problem(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${help}`);
  }
}
