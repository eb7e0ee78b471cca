import { type DevServer, MigrationStopped, openDev, printFailure } from '../app/index.ts';
import { banner, readyLine } from './banner.ts';
import { type Command, CommandFailure, type Given, readNumber } from './command.ts';
import { tellProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

const splitSchemas = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const open = async (given: Given, terminal: Terminal): Promise<DevServer> => {
  const port = readNumber('port', given.text('port'), 0, 65_535);
  const databasePort = readNumber('pg-port', given.text('pg-port'), 1, 65_535);
  const host = given.text('host');
  const schemas = splitSchemas(given.text('schemas'));
  try {
    return await openDev({
      folder: given.words[0] ?? '.',
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(databasePort === undefined ? {} : { databasePort }),
      ...(schemas === undefined ? {} : { schemas }),
      watch: !given.flag('no-watch'),
      onProgress: tellProgress(terminal),
      observe: ({ level, message }) => {
        if (level === 'warn' || level === 'error')
          terminal.err(`${terminal.styleErr('yellow', level)} ${message}`);
      },
    });
  } catch (error) {
    if (!(error instanceof MigrationStopped)) throw error;
    terminal.err(printFailure(error.failure, { color: terminal.color }));
    throw new CommandFailure('A migration could not be applied, so the API was not started.');
  }
};

export const dev: Command = {
  name: 'dev',
  words: '[FOLDER]',
  description: [
    'Serves a project: a folder with migrations/*.sql (or supabase/migrations/*.sql) and maybe a seed.sql. It starts the Postgres that comes along, with its data in .ashlar in that folder, applies the migrations that the database has not seen, in the order of their names, and the seed once. Then it serves the API, and follows the files: a new migration is applied as soon as it is saved.',
    'FOLDER is the current one if none is named.',
  ].join('\n\n'),
  options: {
    port: {
      type: 'string',
      short: 'p',
      value: 'PORT',
      meaning: 'where the API answers (default: 4000; 0: any free one)',
    },
    host: {
      type: 'string',
      value: 'ADDRESS',
      meaning: 'the address to listen on (default: 127.0.0.1, which only this machine sees)',
    },
    'pg-port': {
      type: 'string',
      value: 'PORT',
      meaning: 'opens the database on this TCP port of 127.0.0.1; without it there is a unix socket only',
    },
    schemas: {
      type: 'string',
      value: 'NAMES',
      meaning: 'the schemas that are served, the default first (default: public)',
    },
    'no-watch': { type: 'boolean', meaning: 'leave the API as it is when files change' },
    json: { type: 'boolean', meaning: 'print one line of JSON when the server is ready, for scripts' },
  },
  examples: [
    ['ashlar dev', 'serve the current folder'],
    ['ashlar dev examples/blog --port 4100', 'another folder, another port'],
    ['ashlar dev --pg-port 5433', 'and open the database to psql'],
    [
      'ashlar dev --port 0 --json',
      'for a script: {"url", "rest", "docs", "anonKey", "serviceKey", "db"} when ready',
    ],
  ],
  maxWords: 1,
  run: async (given, terminal) => {
    const started = performance.now();
    const wish = untilStopped();
    const opening = open(given, terminal);
    const first = await Promise.race([opening, wish.stopped]);
    if (typeof first === 'string') {
      // What has begun to start has to be there before it can be stopped.
      await opening.then((server) => server.close()).catch(() => {});
      wish.dispose();
      return 0;
    }
    const server = first;
    terminal.out(
      given.flag('json') ? readyLine(server) : banner(server, performance.now() - started, terminal),
    );
    let lost = false;
    void server.lost.then((reason) => {
      lost = true;
      wish.stop(reason);
    });
    const reason = await wish.stopped;
    terminal.err(lost ? `${terminal.styleErr(['bold', 'red'], 'error')}: ${reason}` : 'Stopping …');
    await server.close();
    wish.dispose();
    return lost ? 1 : 0;
  },
};
