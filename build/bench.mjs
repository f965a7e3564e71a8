// npm run bench: runs what is in build/bench and prints a table, or with --json one JSON object. Names choose some:
// node build/bench.mjs launch. It ends with 1 where a goal is missed.

import { benchNames, benchText, missesGoal, runBenches } from './runtime/benches.mjs';
import { Problem, note, runScript } from './runtime/messages.mjs';

await runScript(async () => {
  const args = process.argv.slice(2);
  const names = args.filter((argument) => !argument.startsWith('-'));
  const known = benchNames();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Problem(`There is no bench ${unknown.join(', ')}. Choose from: ${known.join(', ')}.`);
  }
  const report = await runBenches(names, (name) => note(`measuring ${name} …`));
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : benchText(report));
  return Object.values(report.results).some(({ measures }) => measures.some(missesGoal)) ? 1 : 0;
});
