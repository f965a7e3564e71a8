import type { PolicyDocument } from './policyDocument.ts';

/** A text on one line: in a comment, a line break would end it. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The head of every snippet, line by line: what it is, where it comes from, what to mind. */
export function headLines(policy: PolicyDocument): string[] {
  return [
    policy.sentence,
    `From the study ${policy.study} (${policy.title}), Crossover ${policy.crossover}.`,
    ...(policy.verdict.kind === 'no-useful-threshold' ? [`Verdict: ${policy.verdict.text}`] : []),
    ...policy.cautions.map((caution) => `Mind: ${caution}`),
  ].map(oneLine);
}

/** The condition under which a query goes to the small system, in a language's own names. */
function condition(
  { policy, inputThreshold, outputThreshold, product }: PolicyDocument,
  m: string,
  n: string,
  and: string,
): string | undefined {
  switch (policy) {
    case 'small':
    case 'large':
      return undefined;
    case 'threshold-in':
      return `${m} <= ${inputThreshold}`;
    case 'threshold-out':
      return `${n} <= ${outputThreshold}`;
    case 'threshold-both':
      return `${m} <= ${inputThreshold} ${and} ${n} <= ${outputThreshold}`;
    case 'threshold-product':
      return `${m} * ${n} <= ${product}`;
  }
}

/** The policy as a plain JavaScript module with one function, `route`. */
export function javascriptSnippet(policy: PolicyDocument): string {
  const { needs } = policy;
  const when = condition(policy, 'inputTokens', 'predictedOutputTokens', '&&');
  const checks = [
    ...(needs.inputTokens ? ["  checked('inputTokens', inputTokens);"] : []),
    ...(needs.predictedOutputTokens ? ["  checked('predictedOutputTokens', predictedOutputTokens);"] : []),
  ];
  const { small, large } = policy.systems;
  return `${headLines(policy)
    .map((line) => `// ${line}`)
    .join('\n')}

/**
 * Which system a query goes to: "small" (${comment(small.label)}) or "large" (${comment(large.label)}).
 * @param {number} [inputTokens] ${needs.inputTokens ? 'tokens of the prompt' : 'not looked at'}
 * @param {number} [predictedOutputTokens] ${
   needs.predictedOutputTokens
     ? 'a prediction: the true number is known only afterwards'
     : 'not looked at, so it may be left out'
 }
 * @returns {'small' | 'large'}
 */
export function route(inputTokens, predictedOutputTokens) {
${checks.map((line) => `${line}\n`).join('')}  return ${when === undefined ? `'${policy.policy}'` : `${when} ? 'small' : 'large'`};
}
${
  checks.length === 0
    ? ''
    : `
function checked(name, value) {
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new TypeError(\`\${name} must be a number of tokens, 0 or more, and is \${value}\`);
  }
}
`
}`;
}

/** A text inside a block comment, which it cannot end. */
function comment(text: string): string {
  return oneLine(text).replaceAll('*/', '* /');
}

/** The policy as a plain Python module with one function, `route`; run as a program it checks the test vectors. */
export function pythonSnippet(policy: PolicyDocument): string {
  const { needs } = policy;
  const when = condition(policy, 'input_tokens', 'predicted_output_tokens', 'and');
  const checks = [
    ...(needs.inputTokens ? ['    _checked("input_tokens", input_tokens)'] : []),
    ...(needs.predictedOutputTokens
      ? ['    _checked("predicted_output_tokens", predicted_output_tokens)']
      : []),
  ];
  return `${headLines(policy)
    .map((line) => `# ${line}`)
    .join('\n')}

import json
import sys


def route(input_tokens=None, predicted_output_tokens=None):
    # "small" is ${oneLine(policy.systems.small.label)}, "large" is ${oneLine(policy.systems.large.label)}.
    # Input tokens are ${needs.inputTokens ? 'needed' : 'not looked at'}; predicted output tokens are ${
      needs.predictedOutputTokens
        ? 'needed, a prediction, since the true number is known only afterwards'
        : 'not looked at'
    }.
${checks.map((line) => `${line}\n`).join('')}    return ${when === undefined ? `"${policy.policy}"` : `"small" if ${when} else "large"`}


def _checked(name, value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise TypeError(f"{name} must be a number of tokens, 0 or more, and is {value!r}")


def check(policy):
    """The test vectors of a policy file (crossover-policy.json) that this function does not agree with."""
    return [
        vector
        for vector in policy["testVectors"]
        if route(vector["inputTokens"], vector["predictedOutputTokens"]) != vector["system"]
    ]


if __name__ == "__main__":
    with open(sys.argv[1] if len(sys.argv) > 1 else "crossover-policy.json", encoding="utf-8") as file:
        document = json.load(file)
    wrong = check(document)
    for vector in wrong:
        print("wrong:", vector)
    print(f"{len(document['testVectors']) - len(wrong)} of {len(document['testVectors'])} test vectors agree")
    sys.exit(1 if wrong else 0)
`;
}
