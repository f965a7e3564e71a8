import type { PolicyDocument } from './policyDocument.ts';
import { headLines, oneLine } from './snippets.ts';

/** A configuration of LiteLLM's proxy with both systems; the router beside it chooses between them. */
export function litellmConfig(policy: PolicyDocument): string {
  const { systems, fallback } = policy;
  const deployment = (name: string, side: 'small' | 'large'): string => `  # ${oneLine(systems[side].label)}
  - model_name: ${name}
    litellm_params:
      model: ${JSON.stringify(`openai/${oneLine(systems[side].model)}`)} # the name that the server gives it
      api_base: os.environ/CROSSOVER_${side.toUpperCase()}_URL # such as http://127.0.0.1:8080/v1
      api_key: os.environ/CROSSOVER_${side.toUpperCase()}_KEY
`;
  return `${headLines(policy)
    .map((line) => `# ${line}`)
    .join('\n')}
#
# litellm --config litellm_config.yaml, with crossover_router.py and crossover_policy.py beside it. Clients ask for the
# model "crossover"; "crossover-small" and "crossover-large" go where they say.

model_list:
${deployment('crossover-small', 'small')}${deployment('crossover-large', 'large')}  # What clients ask for. The router replaces it; without the router it is the better single system.
${deployment('crossover', fallback).split('\n').slice(1).join('\n')}
litellm_settings:
  callbacks: crossover_router.proxy_handler_instance
`;
}

/** The routing hook for LiteLLM's proxy: it counts a request's tokens and names the model of the system chosen. */
export function litellmRouter(policy: PolicyDocument): string {
  const { needs, tokenizer } = policy;
  return `${headLines(policy)
    .map((line) => `# ${line}`)
    .join('\n')}

import litellm
from litellm.integrations.custom_logger import CustomLogger

from crossover_policy import route

ASKED_FOR = "crossover"
MODELS = {"small": "crossover-small", "large": "crossover-large"}
# Where a request goes that the policy can say nothing about: the better single system.
FALLBACK = "${policy.fallback}"
# ${
    tokenizer === null
      ? 'LiteLLM counts with the tokenizer of this model; the counts of the workload came without one.'
      : `LiteLLM counts with the tokenizer of this model; the study counted with ${oneLine(tokenizer)}.`
  }
TOKENIZER_OF = "meta-llama/Llama-2-7b-chat-hf"


def input_tokens(data):
    """Tokens of the prompt; None where the request has none."""
    if data.get("messages") is not None:
        return litellm.token_counter(model=TOKENIZER_OF, messages=data["messages"])
    prompt = data.get("prompt")
    if isinstance(prompt, list):
        if all(isinstance(part, int) for part in prompt):
            return len(prompt)
        if not all(isinstance(part, str) for part in prompt):
            return None
        prompt = "".join(prompt)
    return None if prompt is None else litellm.token_counter(model=TOKENIZER_OF, text=prompt)


def predicted_output_tokens(data):
    """What the client predicts in metadata.predicted_output_tokens, or else the most that it allows, which is an
    upper limit and not a prediction; None where it says neither."""
    stated = (data.get("metadata") or {}).get("predicted_output_tokens")
    for value in (stated, data.get("max_completion_tokens"), data.get("max_tokens")):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def choose(data):
    """The system for a request: "small" or "large"."""
    m = ${needs.inputTokens ? 'input_tokens(data)' : 'None  # not looked at'}
    n = ${needs.predictedOutputTokens ? 'predicted_output_tokens(data)' : 'None  # not looked at'}
    if ${unknown(needs)}:
        return FALLBACK
    return route(m, n)


class CrossoverRouter(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        if data.get("model") == ASKED_FOR:
            data["model"] = MODELS[choose(data)]
        return data


proxy_handler_instance = CrossoverRouter()
`;
}

function unknown(needs: PolicyDocument['needs']): string {
  const missing = [
    ...(needs.inputTokens ? ['m is None'] : []),
    ...(needs.predictedOutputTokens ? ['n is None'] : []),
  ];
  return missing.length === 0 ? 'False' : missing.join(' or ');
}
