/** A trial table in the form of the paper's, with GPU energies in mJ: both sweeps of a made-up A100, four trials each. */
export function trialTable(): string {
  const header =
    'Timestamp,Phase,Runtime (s),GPU Energy (mJ),Number of Output Tokens,Number of Input Tokens,Iteration,Model,' +
    'Number of GPUs,Prompt,Total Number of Tokens,Batch Size,System';
  const lengths = [8, 16, 32, 64, 128, 256];
  const cells = [
    ...lengths.map((m) => ({ m, n: 32 })),
    ...lengths.filter((n) => n !== 32).map((n) => ({ m: 32, n })),
  ];
  const rows = [
    'load,model load,12.5,1800000,0,0,0,Llama-2-7b-chat-hf,1,startup,0,1,made-up-a100',
    ...[0, 1, 2, 3].flatMap((iteration) =>
      cells.map(({ m, n }) => {
        const runtimeS = 0.4 + 0.03 * n + 0.0004 * m + 0.001 * iteration;
        const energyMilliJ = runtimeS * 210_000 + 40 * iteration;
        return [
          'run',
          `inference-${m}-${n}-${iteration}`,
          runtimeS.toFixed(5),
          energyMilliJ.toFixed(0),
          n,
          m,
          iteration,
          'Llama-2-7b-chat-hf',
          1,
          'A made-up prompt',
          m + n,
          1,
          'made-up-a100',
        ].join(',');
      }),
    ),
  ];
  return `${header}\n${rows.join('\n')}\n`;
}
