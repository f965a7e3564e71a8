/** What a model's name tells. */

/** A name as profiles write it: lower-case letters, digits, dots and dashes. */
export function modelId(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|-+$/g, '');
  return id === '' ? 'model' : id;
}

/** The quantisation that a file's name states, as in "llama-2-7b.Q4_K_M.gguf", or "unknown". */
export function quantisationIn(name: string): string {
  const stated = /(?:^|[^A-Z0-9])(I?Q[1-8]_[A-Z0-9_]+|BF16|F16|F32|FP16|FP8|AWQ|GPTQ)(?![A-Z0-9])/i.exec(
    name,
  )?.[1];
  return stated === undefined ? 'unknown' : stated.toUpperCase().replace(/^FP16$/, 'F16');
}
