import {
  type DevServer,
  loadSettings,
  MigrationStopped,
  openDev,
  openProcessLog,
  printFailure,
} from '../app/index.ts';
import { banner, readyLine } from './banner.ts';
import { type Command, CommandFailure, type Given } from './command.ts';
import { tellProgress } from './progress.ts';
import { givenSettings, settingOptions } from './setting-options.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

const open = async (given: Given, terminal: Terminal, signal: AbortSignal): Promise<DevServer> => {
  const folder = given.words[0] ?? '.';
  const { values } = await loadSettings('dev', {
    folder,
    options: givenSettings(given, 'dev'),
    environment: process.env,
  });
  try {
    return await openDev({
      ...values,
      folder,
      // A script is better told at once.
      signal: given.flag('json') ? undefined : signal,
      onProgress: tellProgress(terminal),
      log: openProcessLog(values, {
        write: (line) => terminal.err(line.trimEnd()),
        isTerminal: terminal.color,
        color: terminal.color,
      }),
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
    'FOLDER is the current one if none is named. Settings may also stand in ashlar.config.ts there and in environment variables: "ashlar config --for dev" tells them.',
  ].join('\n\n'),
  options: {
    ...settingOptions('dev'),
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
    const stopping = new AbortController();
    const opening = open(given, terminal, stopping.signal);
    const first = await Promise.race([opening, wish.stopped]);
    if (typeof first === 'string') {
      stopping.abort();
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
