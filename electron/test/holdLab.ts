/** A program that opens the lab for writing, says so, and keeps it open until it is ended. */
import { openLab } from '../lab.ts';

openLab({ dataFolder: process.argv[2] ?? '', program: 'window', version: 'test' });
process.stdout.write('open\n');
process.stdin.resume();
