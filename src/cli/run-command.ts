import { packageVersion } from '../base/index.ts';
import { type Command, CommandFailure, UsageError } from './command.ts';
import { commands, findCommand } from './commands.ts';
import { parseWords, suggest } from './parse-words.ts';
import { printHelp, printRows } from './print-help.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const printUsage = ({ style }: Terminal): string =>
  [
    `${style('bold', 'Usage:')} ashlar COMMAND [options]`,
    'A folder of SQL migrations becomes a REST API on a real Postgres.',
    `${style('bold', 'Commands:')}\n${printRows(commands.map(({ name, summary }) => [name, summary]))}`,
    `${style('bold', 'Options:')}\n${printRows([
      ['-h, --help', 'this text; after a command, what that one takes'],
      ['-v, --version', 'the version of this package'],
    ])}`,
    `${style('bold', 'To begin:')}\n  ashlar new app\n  cd app\n  ashlar dev`,
  ].join('\n\n');

/**
 * Runs the command that the arguments name. Results go to standard output, everything else to standard error.
 *
 * @returns the exit code: 0, 1 where what was asked could not be done, 2 for words that cannot be understood
 * @example await runCommand(['--version'])
 */
export const runCommand = async (
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> => {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v') {
    terminal.out(packageVersion());
    return 0;
  }
  if (first === 'help' && rest[0] !== undefined) return runCommand([rest[0], '--help'], terminal);
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    terminal.out(printUsage(terminal));
    return 0;
  }
  const entry = findCommand(first);
  if (entry === undefined) {
    const what = first.startsWith('-') ? 'option' : 'command';
    const meant = suggest(
      first,
      commands.map(({ name }) => name),
    );
    terminal.err(`ashlar has no ${what} "${first}".${meant} "ashlar --help" lists the commands.`);
    return 2;
  }
  return await run(await entry.load(), rest, terminal);
};

const run = async (command: Command, args: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    const given = parseWords(command, args);
    if (!given.flag('help')) return await command.run(given, terminal);
    terminal.out(printHelp(command, terminal));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n"ashlar ${command.name} --help" tells what it takes.`);
      return 2;
    }
    terminal.err(await explain(error, terminal));
    return 1;
  }
};

/** What to tell of what stopped a command. */
const explain = async (error: unknown, { styleErr }: Terminal): Promise<string> => {
  const { explainFailure } = await import('../app/index.ts');
  const message = error instanceof CommandFailure ? error.message : explainFailure(error);
  if (message !== undefined)
    return `${styleErr(['bold', 'red'], 'error')}${styleErr('bold', ':')} ${message}`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${styleErr(['bold', 'red'], 'error')}: this is a bug in Ashlar. Please report it with these lines:\n${stack}`;
};
