/** The command line as a program: what the launcher does once everything is built. */
import { main } from '../cli/index.ts';

process.exitCode = await main(process.argv.slice(2));
