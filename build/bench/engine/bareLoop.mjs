// node-llama-cpp with nothing of the lab around it, in a process of its own: the parent sends { m, n } and is told when
// n tokens have come.

import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const [modelPath = '', threads = '1'] = process.argv.slice(2);

const llama = await getLlama({
  build: 'never',
  gpu: process.platform === 'darwin' ? 'auto' : false,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads: Number(threads) });
const sequence = context.getSequence();
const tokens = [...model.iterateAllTokens()];

process.on('message', async (/** @type {{ m: number, n: number }} */ { m, n }) => {
  await sequence.clearHistory();
  let left = n;
  const prompt = Array.from(
    { length: m },
    (_, at) => tokens[300 + ((at * 7919) % (tokens.length - 300))] ?? tokens[0],
  );
  const generated = sequence.evaluate(/** @type {typeof tokens} */ (prompt), {
    temperature: 0,
    yieldEogToken: true,
  });
  while (left > 0) {
    await generated.next();
    left -= 1;
  }
  process.send?.('done');
  await generated.return();
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
