import { resolve } from 'node:path';
import {
  askReady,
  dumpPostgrestConfig,
  type PostgrestServer,
  printExampleConfig,
  servePostgrest,
} from '../app/index.ts';
import { type Command, type Given, UsageError } from './command.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

const isPostgrest = (given: Given): boolean =>
  given.flag('postgrest') ||
  given.words.length > 0 ||
  Object.keys(process.env).some((name) => name.startsWith('PGRST_'));

const placeOf = (given: Given) => ({
  path: given.words[0] === undefined ? undefined : resolve(given.words[0]),
  environment: process.env,
});

/** The signals on which PostgREST reads the schema again (SIGUSR1) and the configuration (SIGUSR2). */
const reloadSignals = process.platform === 'win32' ? [] : (['SIGUSR1', 'SIGUSR2'] as const);

const listenToReloads = (server: PostgrestServer): (() => void) => {
  const onReload = (): void => void server.reload();
  for (const signal of reloadSignals) process.on(signal, onReload);
  return () => {
    for (const signal of reloadSignals) process.off(signal, onReload);
  };
};

const serve = async (given: Given, terminal: Terminal): Promise<number> => {
  const wish = untilStopped();
  const starting = new AbortController();
  void wish.stopped.then((reason) => starting.abort(reason));
  let code = 0;
  let server: PostgrestServer;
  try {
    server = await servePostgrest({
      ...placeOf(given),
      out: terminal.out,
      err: terminal.err,
      onFatal: (reason) => {
        code = 1;
        wish.stop(reason);
      },
      signal: starting.signal,
    });
  } catch (error) {
    if (!wish.wished()) throw error;
    return code;
  }
  const stopListening = listenToReloads(server);
  terminal.err(`Stopping: ${await wish.stopped}`);
  stopListening();
  await server.close();
  wish.dispose();
  return code;
};

export const start: Command = {
  name: 'start',
  words: '[FILE]',
  description: [
    'Serves a database of your own, as a drop-in for PostgREST: at the root of the server, with its settings by their names. They come from the file, from environment variables (PGRST_DB_URI is db-uri), which win over the file, and from the database (alter role … set pgrst.…), which wins over both. Nothing in the database is changed.',
    "SIGUSR1, SIGUSR2, and NOTIFY pgrst with 'reload schema' or 'reload config' each read configuration and schema again.",
    'This is the only mode that start has. A folder of migrations is served by "ashlar dev".',
  ].join('\n\n'),
  options: {
    postgrest: {
      type: 'boolean',
      meaning: 'the mode; implied by a FILE or by any environment variable PGRST_…',
    },
    'dump-config': { type: 'boolean', meaning: 'print the configuration that holds, and end' },
    example: {
      type: 'boolean',
      short: 'e',
      meaning: 'print a configuration file with all settings, and end',
    },
    ready: { type: 'boolean', meaning: 'ask the admin server of a running server whether it is ready' },
  },
  examples: [
    ['ashlar start --postgrest postgrest.conf', 'with a file'],
    [
      'PGRST_DB_URI=postgres://authenticator:secret@localhost/app PGRST_DB_ANON_ROLE=anon ashlar start',
      'with environment variables',
    ],
    ['ashlar start --example > postgrest.conf', 'to begin a file'],
  ],
  maxWords: 1,
  run: async (given, terminal) => {
    if (given.flag('example')) {
      terminal.out(printExampleConfig().trimEnd());
      return 0;
    }
    if (!isPostgrest(given))
      throw new UsageError(
        'Which database? Set PGRST_DB_URI, or name a file: ashlar start --postgrest postgrest.conf. (A folder of migrations is served by "ashlar dev".)',
      );
    if (given.flag('dump-config')) {
      const { text, findings } = await dumpPostgrestConfig(placeOf(given));
      for (const { message } of findings) terminal.err(message);
      terminal.out(text.trimEnd());
      return 0;
    }
    if (given.flag('ready')) {
      const { url, ready } = await askReady(placeOf(given));
      terminal.out(ready ? `OK: ${url}` : `ERROR: ${url}`);
      return ready ? 0 : 1;
    }
    return serve(given, terminal);
  },
};
