import type { Command } from 'commander';
import { LabError } from '#core/errors';
import type { Paper } from '#core/reportFormat';
import { openLab, type Lab } from '../lab.ts';
import { dataFolderFrom } from '../store/dataFolder.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** What a command answers: data for programs, text for people. */
export interface Answer {
  readonly data: unknown;
  /** @param columns the width of a line */
  readonly text: (columns: number) => string;
  /** 0 unless said otherwise */
  readonly exitCode?: number;
}

/** Prints a self-contained HTML page as PDF on a paper. */
export type PrintPage = (html: string, paper: Paper) => Promise<Uint8Array>;

/** One figure of a bench. */
export interface BenchMeasure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** the value should not be above it */
  readonly goal?: number;
}

/** What the benches found: the machine in words, and each bench's figures by its name. */
export interface BenchReport {
  readonly machine: string;
  readonly results: Readonly<
    Record<
      string,
      { readonly title: string; readonly conditions: string; readonly measures: readonly BenchMeasure[] }
    >
  >;
}

/** The benches, which belong to the source. */
export interface Benches {
  readonly names: readonly string[];
  /** @param started told the name of each bench when it begins */
  readonly run: (names: readonly string[], started: (name: string) => void) => Promise<BenchReport>;
  readonly text: (report: BenchReport) => string;
}

/** What the command line can do where it runs with what belongs to it. */
export interface Tools {
  /** where Electron is at hand */
  readonly print?: PrintPage;
  /** where the source is at hand */
  readonly benches?: Benches;
}

/** What a command has to work with. */
export interface Context {
  readonly dataFolder: string;
  /** Runs work in the lab and closes it; "read" where the work stores nothing. */
  readonly inLab: <T>(access: 'read' | 'write', work: (lab: Lab) => T) => T;
  /** The same for work that takes its time; the lab is closed when it has ended. It writes unless said otherwise. */
  readonly inLabAsync: <T>(work: (lab: Lab) => Promise<T>, access?: 'read' | 'write') => Promise<T>;
  /** prints a page as PDF, where Electron is at hand */
  readonly print: PrintPage | undefined;
  /** the benches, where the source is at hand */
  readonly benches: Benches | undefined;
  /** progress and messages, on standard error */
  readonly say: (text: string) => void;
  /**
   * Aborted when the user interrupts. Who asks for it ends by itself then, and answers; who does not is left
   * where it is.
   */
  readonly takeInterrupt: () => AbortSignal;
}

/** Puts commands on the program: each computes an answer, which is printed in the form asked for. */
export interface Registrar {
  /**
   * @param example one command line, without the program's name
   * @param run gets the command's arguments and flags
   */
  readonly add: <Flags extends object>(
    parent: Command,
    usage: string,
    about: { readonly description: string; readonly example: string },
    run: (context: Context, args: readonly string[], flags: Flags) => Answer | Promise<Answer>,
  ) => Command;
}

/** Flags that every command takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly data?: string;
}

/** A registrar that prints on a terminal and reports the exit code. */
export function createRegistrar(
  terminal: Terminal,
  ended: (exitCode: number) => void,
  takeInterrupt: () => AbortSignal,
  tools: Tools = {},
): Registrar {
  return {
    add: (parent, usage, { description, example }, run) => {
      const command = parent.command(usage).description(description);
      command.addHelpText('after', `\nExample:\n  crossover ${example}`);
      command.action(async () => {
        const { json = false, data } = command.optsWithGlobals<CommonFlags>();
        const answer = await run(
          createContext(dataFolder(data), terminal, takeInterrupt, tools),
          command.processedArgs.flat().map(String),
          command.opts(),
        );
        terminal.out(`${json ? JSON.stringify(answer.data) : answer.text(terminal.columns)}\n`);
        ended(answer.exitCode ?? 0);
      });
      return command;
    },
  };
}

/**
 * The data folder that `--data` names.
 * @throws LabError "bad-setting" when it names none
 */
export function dataFolder(asked: string | undefined): string {
  if (asked?.trim() === '') {
    throw new LabError('bad-setting', '--data names no folder.', 'Give a folder, as in --data ./lab.');
  }
  return dataFolderFrom(asked);
}

function createContext(
  folder: string,
  terminal: Terminal,
  takeInterrupt: () => AbortSignal,
  { print, benches }: Tools,
): Context {
  const open = (access: 'read' | 'write'): Lab =>
    openLab({
      dataFolder: folder,
      program: 'command line',
      readonly: access === 'read',
      version,
      log: (message) => terminal.err(`crossover: ${message}\n`),
    });
  return {
    dataFolder: folder,
    print,
    benches,
    say: (text) => terminal.err(`${text}\n`),
    takeInterrupt,
    inLabAsync: async (work, access = 'write') => {
      const lab = open(access);
      try {
        return await work(lab);
      } finally {
        lab.close();
      }
    },
    inLab: (access, work) => {
      const lab = open(access);
      try {
        return work(lab);
      } finally {
        lab.close();
      }
    },
  };
}
