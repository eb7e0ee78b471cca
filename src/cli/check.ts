import {
  type CheckedFinding,
  checkProject,
  loadSettings,
  MigrationStopped,
  printFailure,
} from '../app/index.ts';
import { type Command, type Given, UsageError } from './command.ts';
import { printFindings } from './print-findings.ts';
import { tellProgress } from './progress.ts';
import { printSarif } from './sarif.ts';
import type { Terminal } from './terminal.ts';

const gravity = ['info', 'warning', 'error'] as const;
type Gravity = (typeof gravity)[number];

/** From which severity on a finding fails the check. */
const readLimit = (text: string | undefined): Gravity | 'never' => {
  const limit = text ?? 'error';
  if (limit === 'never') return limit;
  const found = gravity.find((severity) => severity === limit);
  if (found === undefined)
    throw new UsageError(`--fail-on takes error, warning, info or never, not "${limit}".`);
  return found;
};

const fails = ({ severity, waived }: CheckedFinding, limit: Gravity | 'never'): boolean =>
  waived === undefined && limit !== 'never' && gravity.indexOf(severity) >= gravity.indexOf(limit);

const readSchemas = async (given: Given, folder: string): Promise<readonly string[]> => {
  const text = given.text('schemas');
  const { values } = await loadSettings('dev', {
    folder,
    options: new Map(text === undefined ? [] : [['schemas', text]]),
    environment: process.env,
  });
  return values.schemas;
};

const check = async (given: Given, terminal: Terminal): Promise<number> => {
  if (given.flag('json') && given.flag('sarif'))
    throw new UsageError('--json and --sarif do not go together.');
  const limit = readLimit(given.text('fail-on'));
  const folder = given.words[0] ?? '.';
  try {
    const findings = await checkProject({
      folder,
      database: given.text('db-url'),
      schemas: await readSchemas(given, folder),
      onProgress: tellProgress(terminal),
    });
    if (given.flag('sarif')) terminal.out(printSarif(findings));
    else if (given.flag('json')) terminal.out(JSON.stringify({ findings }));
    else terminal.out(printFindings(findings, given.flag('all'), terminal));
    return findings.some((finding) => fails(finding, limit)) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof MigrationStopped)) throw error;
    if (given.flag('json')) terminal.out(JSON.stringify({ failure: error.failure }));
    terminal.err(printFailure(error.failure, { color: terminal.color }));
    return 1;
  }
};

export const checkCommand: Command = {
  name: 'check',
  words: '[FOLDER]',
  description: [
    "Looks for what is more open than it should be, and for what is slow: applies the project's migrations and its seed to a database that is made for it and thrown away, and looks at tables, policies, functions, grants and indexes. Each finding comes with the reason why it matters and the SQL that mends it. With --db-url it looks at a database that there is, and changes nothing in it.",
    'The exit code is 1 if anything is found that is as grave as --fail-on says and not waived by a comment (@open: reason, @waive some-finding: reason), or if a migration cannot be applied. FOLDER is the current one if none is named.',
  ].join('\n\n'),
  options: {
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      meaning: 'error, warning, info or never: from where on the exit code is 1 (default: error)',
    },
    all: { type: 'boolean', meaning: 'show notes, too, and what is waived' },
    schemas: {
      type: 'string',
      value: 'NAMES',
      meaning: "the schemas that are served (default: those of the project's settings, else public)",
    },
    'db-url': {
      type: 'string',
      value: 'URL',
      meaning: 'look at this database instead, with its statistics',
    },
    json: { type: 'boolean', meaning: 'print the findings as JSON' },
    sarif: { type: 'boolean', meaning: 'print them as SARIF 2.1.0, for code hosts' },
  },
  examples: [
    ['ashlar check', 'the project in the current folder'],
    ['ashlar check --fail-on warning', 'for CI: be strict'],
    ['ashlar check --sarif > ashlar.sarif', 'findings beside the code'],
    ['ashlar check --db-url postgres://owner:secret@localhost/app', 'a database that is in use'],
  ],
  maxWords: 1,
  run: check,
};
