// Makes what ../workloads.mjs reads: made-up prompts, and traces with the spread of lengths that chats have.

import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2] ?? '';
const prompts = 50_000;
const rows = 10_000_000;

let state = 1;
/** A random number from 0 to 1; the sequence is the same every time. */
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const pick = (/** @type {readonly string[]} */ from) => from[Math.floor(random() * from.length)] ?? '';

const syllables =
  'ab ac ad al an ar at be ca ce co de di do el en er es ex fa fi for ge ha he hi ho in is it ka la le li lo ma me mi mo na ne ni no of on or pa pe pi po pro ra re ri ro sa se si so st ta te the ti to tr un up ur us va ve vi wa we wi wo'.split(
    ' ',
  );
/** Words as texts have them: few that are frequent, and many that are rare. */
const words = Array.from({ length: 60_000 }, () =>
  Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(syllables)).join(''),
);
const word = () => {
  const rare = random();
  if (rare < 0.01) return String(Math.floor(random() * 1e6));
  if (rare < 0.015) return pick(['naïve', '東京', '🦙', 'x_y=3;', '```', '\n\n', '“so”', 'Ⅻ']);
  return words[Math.floor(words.length ** random()) - 1] ?? 'the';
};
const text = (/** @type {number} */ mean) =>
  Array.from(
    { length: Math.max(1, Math.round(mean * (0.2 + 1.6 * random()))) },
    () => word() + (random() < 0.1 ? pick([',', '.', ':', '?']) : ''),
  ).join(' ');

const out = createWriteStream(path.join(folder, 'prompts.jsonl'));
for (let i = 0; i < prompts; i += 1) {
  if (!out.write(`${JSON.stringify({ prompt: text(25), response: text(75) })}\n`)) await once(out, 'drain');
}
out.end();
await once(out, 'finish');

const duck = await DuckDBInstance.create(':memory:');
const connection = await duck.connect();
const length = (/** @type {number} */ middle, /** @type {number} */ spread) =>
  `greatest(1, exp(${middle} + ${spread} * (random() + random() + random() - 1.5)))::INTEGER`;
const lengths = `${length(6, 1.9)} AS "ContextTokens", ${length(4.5, 1.4)} AS "GeneratedTokens"`;
await connection.run('SELECT setseed(0.5)');
await connection.run(
  `COPY (SELECT ${lengths} FROM range(${rows})) TO '${path.join(folder, 'counts.csv')}' (HEADER)`,
);
await connection.run(
  `COPY (
     SELECT strftime(make_timestamp(1700000000000000 + i * 3000 + (hash(i) % 20000)::BIGINT), '%Y-%m-%d %H:%M:%S.%f') AS "TIMESTAMP", ${lengths}
     FROM range(${rows}) t(i)
   ) TO '${path.join(folder, 'timed.csv')}' (HEADER)`,
);
connection.closeSync();
duck.closeSync();
