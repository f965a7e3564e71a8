import { Command } from 'commander';
import { addAnalyze } from './analyzeCommand.ts';
import { addBench } from './benchCommand.ts';
import type { Registrar } from './command.ts';
import { addDemo } from './demoCommand.ts';
import { addDoctor } from './doctorCommand.ts';
import { addMeasure } from './measureCommand.ts';
import { addModels } from './modelsCommand.ts';
import { addRuns } from './runsCommand.ts';
import { addPolicy } from './policyCommand.ts';
import { addProfiles } from './profilesCommand.ts';
import { addReport } from './reportCommand.ts';
import { addReproduce } from './reproduceCommand.ts';
import { addSimulate } from './simulateCommand.ts';
import { addStudies } from './studiesCommand.ts';
import { addTraces } from './tracesCommand.ts';
import { addVerify } from './verifyCommand.ts';
import { version } from './version.ts';
import { addWorkloads } from './workloadsCommand.ts';

/** The command line with all its commands; whoever parses with it catches what commander throws. */
export function createProgram(registrar: Registrar): Command {
  const program = new Command('crossover')
    .description(
      'Crossover, the LLM energy lab: which queries belong on which machine, at the least cost in energy and time.',
    )
    .version(version, '--version', "Crossover's version")
    .option('--json', 'one JSON document on standard output, and nothing else there')
    .option('--data <dir>', "the folder with the database (default: the app's own)")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const add of [
    addDemo,
    addDoctor,
    addMeasure,
    addRuns,
    addModels,
    addTraces,
    addProfiles,
    addWorkloads,
    addAnalyze,
    addStudies,
    addSimulate,
    addReproduce,
    addReport,
    addVerify,
    addPolicy,
    addBench,
  ]) {
    add(program, registrar);
  }
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 internal error, 2 wrong usage, 3 bad input, 4 something is missing here, 130 interrupted.\n\n' +
      'Example:\n  crossover demo',
  );
  return program;
}
