import { CommanderError, type Command } from 'commander';
import { errorData, exitCodeOf, LabError, type ErrorData } from '#core/errors';
import { createRegistrar, dataFolder, type CommonFlags, type Tools } from './command.ts';
import { logFailure } from './log.ts';
import { createProgram } from './program.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/**
 * The command line: runs one command and prints its answer.
 * @param argv the arguments, without the runtime and the script
 * @param tools what it can do beside its own: print pages as PDF, run the benches
 * @returns the exit code; nothing is thrown
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
  tools?: Tools,
): Promise<number> {
  let exitCode: number | undefined;
  let taken = false;
  const takeInterrupt = (): AbortSignal => {
    taken = true;
    return terminal.interrupted;
  };
  const program = createProgram(createRegistrar(terminal, (code) => (exitCode = code), takeInterrupt, tools));
  forEachCommand(program, (command) =>
    command.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: () => {},
      getOutHelpWidth: () => terminal.columns,
    }),
  );
  try {
    const interrupted = interruption(terminal.interrupted, () => taken);
    await Promise.race([program.parseAsync([...argv], { from: 'user' }), interrupted]);
    // A slow reader may take its time, and the user may lose patience with it.
    await Promise.race([terminal.flush(), interrupted]);
    if (!taken) terminal.interrupted.throwIfAborted();
    return exitCode ?? 0;
  } catch (thrown) {
    // Help and version are told by throwing, too.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const asJson = argv.includes('--json') && exitCode === undefined;
    return tell(await failure(thrown, program, terminal, taken), asJson, terminal);
  } finally {
    terminal.close();
  }
}

/** Prints an error in the form asked for. */
function tell(data: ErrorData, asJson: boolean, terminal: Terminal): number {
  const { kind, message, hint } = data;
  if (asJson) {
    terminal.out(`${JSON.stringify({ error: { kind, message, hint: hint ?? null } })}\n`);
  } else {
    terminal.err(`crossover: ${message}\n${hint === undefined ? '' : `${hint}\n`}`);
  }
  return exitCodeOf(kind);
}

/** What was thrown, as data; the details of what nobody expected go to the log. */
async function failure(
  thrown: unknown,
  program: Command,
  terminal: Terminal,
  taken: boolean,
): Promise<ErrorData> {
  const known = knownError(thrown, !taken && terminal.interrupted.aborted);
  if (known !== undefined) return errorData(known);
  const file = await logFailure(dataFolder(program.opts<CommonFlags>().data), thrown);
  return {
    ...errorData(thrown),
    hint: file === undefined ? 'The log could not be written.' : `The details are in ${file}.`,
  };
}

function knownError(thrown: unknown, interrupted: boolean): LabError | undefined {
  if (interrupted) {
    return new LabError('interrupted', 'Interrupted.', 'What was stored before is kept.');
  }
  if (thrown instanceof CommanderError) return usageError(thrown);
  return thrown instanceof LabError ? thrown : undefined;
}

function usageError({ code, message }: CommanderError): LabError {
  if (code === 'commander.help') {
    return new LabError('wrong-usage', 'A command is missing.', 'crossover --help lists the commands.');
  }
  const sentence = message
    .replace(/^error: /, '')
    .replace(/\n/g, ' ')
    .replace(/\.?$/, '.');
  return new LabError(
    'wrong-usage',
    sentence.charAt(0).toUpperCase() + sentence.slice(1),
    'crossover --help lists the commands, crossover COMMAND --help what one of them takes.',
  );
}

/** Rejects when the user interrupts a command that has not taken that upon itself. */
function interruption(signal: AbortSignal, taken: () => boolean): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        if (!taken()) reject(new Error('interrupted'));
      },
      { once: true },
    );
  });
}

function forEachCommand(command: Command, work: (command: Command) => void): void {
  work(command);
  for (const child of command.commands) forEachCommand(child, work);
}
