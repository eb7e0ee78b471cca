/**
 * The command line: reads the words after `ashlar`, runs the command they name and tells the exit code.
 * Commands live here, one file each; what they do lives in `app`.
 */
export { runCommand } from './run-command.ts';
