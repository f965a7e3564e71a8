/**
 * An app that starts the elevated helper with what stands in for powermetrics (its argument), says where the stream is
 * and which process writes it, and then lives until it is killed.
 */
import { startElevatedPower } from '../meters/elevated.ts';
import { standInDialog } from './standInDialog.ts';

const power = await startElevatedPower({ dialog: standInDialog, powermetrics: process.argv[2] ?? '' });
const told = setInterval(() => {
  const pid = power.pid();
  if (pid === undefined) return;
  clearInterval(told);
  process.stdout.write(`${JSON.stringify({ stream: power.stream, pid })}\n`);
}, 20);
