import { text } from '../reportMarkdown.ts';
import { litellmConfig, litellmRouter } from './litellm.ts';
import type { PolicyDocument } from './policyDocument.ts';
import { headLines, javascriptSnippet, pythonSnippet } from './snippets.ts';

/** A policy as files, by their names. */
export function deployFiles(policy: PolicyDocument): Map<string, string> {
  return new Map([
    ['README.md', readme(policy)],
    ['crossover-policy.json', `${JSON.stringify(policy, null, 2)}\n`],
    ['crossover_policy.mjs', javascriptSnippet(policy)],
    ['crossover_policy.py', pythonSnippet(policy)],
    ['crossover_router.py', litellmRouter(policy)],
    ['litellm_config.yaml', litellmConfig(policy)],
  ]);
}

function readme(policy: PolicyDocument): string {
  const { needs } = policy;
  return `# A routing policy by Crossover

${headLines(policy).map(text).join('\n\n')}

| file | what it is |
|---|---|
| crossover-policy.json | the policy with its test vectors |
| crossover_policy.mjs | JavaScript: \`route(inputTokens, predictedOutputTokens)\` |
| crossover_policy.py | Python: \`route(input_tokens, predicted_output_tokens)\`; \`python3 crossover_policy.py\` checks the test vectors |
| litellm_config.yaml, crossover_router.py | LiteLLM's proxy: \`litellm --config litellm_config.yaml\`, with crossover_policy.py beside them |

Looked at: ${
    [
      ...(needs.inputTokens ? ['input tokens'] : []),
      ...(needs.predictedOutputTokens ? ['predicted output tokens'] : []),
    ].join(' and ') || 'nothing, every query goes to the same system'
  }.${
    needs.predictedOutputTokens
      ? ' With LiteLLM a client predicts them in `metadata.predicted_output_tokens`; otherwise the limit that it sets ' +
        '(`max_completion_tokens`, `max_tokens`) stands in, and without either the request goes to the better single system.'
      : ''
  }
`;
}
