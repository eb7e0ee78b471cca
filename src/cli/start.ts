import { statSync } from 'node:fs';
import { type Command, type Given, UsageError } from './command.ts';
import { settingOptions } from './setting-options.ts';

/** A file of settings, also one that is not there: that is then told. */
const isFile = (word: string | undefined): boolean =>
  word !== undefined &&
  (statSync(word, { throwIfNoEntry: false })?.isDirectory() === false || word.endsWith('.conf'));

/** What only stands for something in PostgREST's place. */
const postgrestFlags = ['postgrest', 'dump-config', 'ready'] as const;

const isPostgrest = (given: Given): boolean =>
  postgrestFlags.some((name) => given.flag(name)) ||
  isFile(given.words[0]) ||
  Object.keys(process.env).some((name) => name.startsWith('PGRST_'));

export const start: Command = {
  name: 'start',
  words: '[FOLDER|FILE]',
  description: [
    'Serves a project in production: the database of --db-url, or without one the Postgres that comes along, with its data in .ashlar in the FOLDER (the current one if none is named). It does not start where that would not be safe, and tells what is in the way and what to do: a secret that others know, a login for which policies do not hold, migrations that are pending. Settings may also stand in ashlar.config.ts and in ASHLAR_… variables: "ashlar config" tells them.',
    'The log goes to standard output, as JSON unless that is a terminal. /health/live and /health/ready tell how it is. SIGTERM and Ctrl-C answer what is under way and end; SIGHUP replaces the workers one by one, with the settings as they are then.',
    "With a FILE such as postgrest.conf, or any environment variable PGRST_…, it stands in for PostgREST instead: at the root of the server, with PostgREST's settings by their names, from the file, from the environment (PGRST_DB_URI is db-uri) and from the database (alter role … set pgrst.…). Nothing in the database is changed. SIGUSR1, SIGUSR2, and NOTIFY pgrst with 'reload schema' or 'reload config' each read configuration and schema again.",
  ].join('\n\n'),
  options: {
    ...settingOptions('start'),
    postgrest: {
      type: 'boolean',
      meaning: 'stand in for PostgREST; implied by a FILE or by any environment variable PGRST_…',
    },
    'dump-config': {
      type: 'boolean',
      meaning: 'as PostgREST: print the configuration that holds, and end',
    },
    example: {
      type: 'boolean',
      short: 'e',
      meaning: 'as PostgREST: print a configuration file with all settings, and end',
    },
    ready: {
      type: 'boolean',
      meaning: 'as PostgREST: ask the admin server of a running server whether it is ready',
    },
  },
  examples: [
    ['ashlar start --migrate', 'serve the current folder, with its own Postgres'],
    [
      'ASHLAR_DB_URL=postgres://authenticator:…@db/app ASHLAR_ADMIN_URL=postgres://owner:…@db/app ASHLAR_JWT_SECRET=@/run/secrets/jwt ashlar start --workers 4',
      'a database of your own',
    ],
    ['ashlar start postgrest.conf', "in PostgREST's place, with its file"],
    [
      'PGRST_DB_URI=postgres://authenticator:secret@localhost/app PGRST_DB_ANON_ROLE=anon ashlar start',
      "in PostgREST's place, with environment variables",
    ],
  ],
  maxWords: 1,
  run: async (given, terminal) => {
    if (given.flag('example')) {
      const { printExampleConfig } = await import('../app/postgrest/index.ts');
      terminal.out(printExampleConfig().trimEnd());
      return 0;
    }
    // Either loads what it needs and not the other: a server keeps for long what it has loaded.
    if (!isPostgrest(given)) return (await import('./start-project.ts')).startProject(given, terminal);
    const ours = Object.keys(settingOptions('start')).filter(
      (name) => given.flag(name) || given.text(name) !== undefined,
    );
    if (ours.length > 0)
      throw new UsageError(
        `--${ours[0]} is not for the place of PostgREST, which is meant by a file, --postgrest or an environment variable PGRST_….`,
      );
    return (await import('./start-postgrest.ts')).startPostgrest(given, terminal);
  },
};
