import { fromWire, LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import { events, requests, type EventData, type RequestInput, type RequestOutput } from '#ipc/contract';
import { REQUEST_NAMES, type EventName, type RequestName } from '#ipc/names';

type Ask<N extends RequestName> =
  undefined extends RequestInput<N>
    ? () => Promise<RequestOutput<N>>
    : (input: RequestInput<N>) => Promise<RequestOutput<N>>;

/** The lab, as the window knows it: every request of the contract as a function. */
export type LabClient = {
  readonly [N in RequestName]: Ask<N>;
} & {
  /** @returns the function that ends the listening */
  readonly on: <N extends EventName>(name: N, listener: (data: EventData<N>) => void) => () => void;
  /** where a file that was dropped on the window lies; empty for one that lies nowhere */
  readonly pathOf: (file: File) => string;
};

/**
 * The client over the preload's bridge. Answers are checked against the contract; failures are thrown as the
 * LabError that main packed.
 */
export function createClient(bridge: Window['crossover']): LabClient {
  const ask = async (name: RequestName, input: unknown): Promise<unknown> => {
    const value = fromWire(await bridge.request[name](input));
    const parsed = requests[name].output.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new LabError(
      'internal',
      `The answer to ${name} is not in the form it should have: ${firstIssues(parsed.error)}.`,
      'Start Crossover again; if it stays, the log in the data folder helps to find out why.',
    );
  };
  return {
    ...(Object.fromEntries(
      REQUEST_NAMES.map((name) => [name, (input?: unknown) => ask(name, input)]),
    ) as unknown as { readonly [N in RequestName]: Ask<N> }),
    on: (name, listener) =>
      bridge.on[name]((data) => {
        const parsed = events[name].safeParse(data);
        if (parsed.success) listener(parsed.data as EventData<typeof name>);
      }),
    pathOf: (file) => bridge.pathOf(file),
  };
}
