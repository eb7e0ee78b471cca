import { readFileSync } from 'node:fs';

const usage = `ashlar COMMAND [options]

  --version   the version of this package
  --help      this text
`;

/**
 * Runs the command that the arguments name. Output goes to standard output, complaints to standard error.
 *
 * @returns the exit code: 0, or 2 for words that name no command
 * @example await runCommand(['--version'])
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [command] = args;
  switch (command) {
    case undefined:
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return 0;
    case '--version':
    case '-v':
      process.stdout.write(`${readVersion()}\n`);
      return 0;
    default:
      process.stderr.write(`ashlar has no command "${command}". "ashlar --help" lists them.\n`);
      return 2;
  }
}

function readVersion(): string {
  // Two folders up in the sources (src/cli) and in the package (dist/cli) alike.
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
