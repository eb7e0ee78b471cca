import {
  baselineProject,
  findAccessDifference,
  loadSettings,
  type MigrateOptions,
  MigrationStopped,
  migrateProject,
  printFailure,
  readProjectStatus,
  rehearseProject,
} from '../app/index.ts';
import { type Command, CommandFailure, type Given, UsageError } from './command.ts';
import { printRows } from './print-help.ts';
import { accessLines, tellProgress } from './progress.ts';
import { givenSettings, settingOptions } from './setting-options.ts';
import type { Terminal } from './terminal.ts';

type Failure = MigrationStopped['failure'];

/** Tells a failure, to a person or to a script. */
const fail = (failure: Failure, given: Given, terminal: Terminal, applied: readonly string[]): number => {
  if (given.flag('json')) terminal.out(JSON.stringify({ applied, failure }));
  terminal.err(printFailure(failure, { color: terminal.color }));
  return 1;
};

const seedNotes = {
  applied: '',
  pending: '  run by "ashlar dev" only, once',
  skipped: '  the database was served before it could be run',
} as const;

const showStatus = async (options: MigrateOptions, given: Given, terminal: Terminal): Promise<number> => {
  const status = await readProjectStatus(options);
  if (given.flag('json')) {
    terminal.out(JSON.stringify(status));
    return 0;
  }
  const rows = status.migrations.map(({ name, state, appliedAt }): readonly [string, string] => [
    state,
    `${name}${appliedAt === undefined ? '' : terminal.style('dim', `  ${appliedAt.slice(0, 16).replace('T', ' ')} UTC`)}`,
  ]);
  const seed: readonly (readonly [string, string])[] =
    status.seed === undefined
      ? []
      : [[status.seed, `seed.sql${terminal.style('dim', seedNotes[status.seed])}`]];
  terminal.out(rows.length + seed.length === 0 ? 'There are no migrations.' : printRows([...rows, ...seed]));
  return 0;
};

const rehearse = async (options: MigrateOptions, given: Given, terminal: Terminal): Promise<number> => {
  const { applied, untried, failure } = await rehearseProject({
    ...options,
    onProgress: (progress) => {
      // What is undone again is not to be told as applied; the outcome names it below.
      if (progress.kind !== 'migration' || progress.progress.kind !== 'applied') options.onProgress(progress);
    },
  });
  const names = applied.map(({ name }) => name);
  if (failure !== undefined) {
    const code = fail(failure, given, terminal, names);
    terminal.err('Nothing was changed.');
    return code;
  }
  if (given.flag('json')) terminal.out(JSON.stringify({ wouldApply: names, untried }));
  else if (names.length + untried.length === 0) terminal.out('There is nothing to apply.');
  else {
    for (const name of names) terminal.out(`would apply ${name}`);
    for (const { name, reason } of untried) terminal.out(`could not try ${name}: ${reason}`);
    terminal.out('Nothing was changed.');
  }
  return 0;
};

/** The words after --baseline: names of files, and maybe the folder. */
const isFile = (word: string): boolean => word.endsWith('.sql');

const baseline = async (options: MigrateOptions, given: Given, terminal: Terminal): Promise<number> => {
  const names = given.words.filter(isFile);
  const { recorded, edited, unknown } = await baselineProject(
    options,
    names.length === 0 ? undefined : names,
  );
  if (unknown.length > 0)
    throw new CommandFailure(`There is no migration called ${unknown.join(', ')}. Nothing was recorded.`);
  if (given.flag('json')) terminal.out(JSON.stringify({ recorded, edited }));
  else if (recorded.length === 0) terminal.out('There is nothing to record.');
  else for (const name of recorded) terminal.out(`recorded as applied: ${name}`);
  if (edited.length > 0)
    terminal.err(
      `${terminal.styleErr('yellow', 'warning')} What was edited in ${edited.join(', ')} has not been run: only the record has changed. If the database is not as the file now says, write what is missing as a new migration.`,
    );
  return 0;
};

const apply = async (options: MigrateOptions, given: Given, terminal: Terminal): Promise<number> => {
  try {
    const { applied, open } = await migrateProject(options);
    if (given.flag('json')) terminal.out(JSON.stringify(open.length === 0 ? { applied } : { applied, open }));
    else
      terminal.out(
        applied.length === 0
          ? 'There is nothing to apply: the database is up to date.'
          : `Applied ${applied.length} ${applied.length === 1 ? 'migration' : 'migrations'}.`,
      );
    // Of the project's own database only: it takes some seconds, and a deployment should not wait for it.
    if (options.database === undefined && applied.length > 0 && !given.flag('json')) {
      const changes = await findAccessDifference(options.folder, applied);
      if (changes.length > 0) terminal.err(accessLines(changes, terminal));
    }
    if (open.length === 0) return 0;
    terminal.err('The database is more open than it should be, and was so before: see above.');
    return 1;
  } catch (error) {
    if (!(error instanceof MigrationStopped)) throw error;
    return fail(error.failure, given, terminal, error.applied);
  }
};

const modes = ['status', 'dry-run', 'baseline'] as const;

export const migrate: Command = {
  name: 'migrate',
  words: '[FOLDER] [NAME …]',
  description: [
    "Applies the migrations that the database has not seen, in the order of their names, each as a whole or not at all. It is the project's own database, whether a server runs on it or not; or that of --admin-url, the login of its owner. With --db-url, the login that serves is made where there is none, and given what it needs.",
    'A file is known by its name and its text: one that was edited after it had been applied stops it before anything is done. FOLDER is the current one if none is named; the NAMES of files are for --baseline.',
  ].join('\n\n'),
  options: {
    status: { type: 'boolean', meaning: 'show how each file stands to the database, and change nothing' },
    'dry-run': { type: 'boolean', meaning: 'apply what is pending in one transaction, and undo it' },
    baseline: {
      type: 'boolean',
      meaning: 'record files as applied without running them: the NAMES, or all that are pending',
    },
    ...settingOptions('migrate'),
    db: { type: 'string', value: 'URL', meaning: 'the same as --admin-url', hidden: true },
    json: { type: 'boolean', meaning: 'print the outcome as JSON' },
  },
  examples: [
    ['ashlar migrate', 'apply what is pending'],
    ['ashlar migrate --status', 'see what that would be'],
    ['ashlar migrate --baseline 0003_edited.sql', 'the database already is as this file now says'],
    [
      'ashlar migrate --dry-run --admin-url postgres://owner:secret@localhost/app',
      'try it on another database',
    ],
  ],
  maxWords: Number.POSITIVE_INFINITY,
  run: async (given, terminal) => {
    const chosen = modes.filter((mode) => given.flag(mode));
    if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')} do not go together.`);
    const [mode] = chosen;
    const folders = given.words.filter((word) => mode !== 'baseline' || !isFile(word));
    if (folders.length > 1)
      throw new UsageError(`"ashlar migrate" does not know what to do with "${folders[1]}".`);
    const folder = folders[0] ?? '.';
    const place = { folder, options: givenSettings(given, 'migrate'), environment: process.env };
    const { adminUrl, dbUrl } = (await loadSettings('migrate', place)).values;
    const options: MigrateOptions = {
      folder,
      database: given.text('db') ?? adminUrl,
      // That of the settings is another database, perhaps, than the one that is named here.
      serving: given.text('db') === undefined ? dbUrl : undefined,
      onProgress: tellProgress(terminal),
    };
    switch (mode) {
      case 'status':
        return showStatus(options, given, terminal);
      case 'dry-run':
        return rehearse(options, given, terminal);
      case 'baseline':
        return baseline(options, given, terminal);
      default:
        return apply(options, given, terminal);
    }
  },
};
