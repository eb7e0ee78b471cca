import { resolve } from 'node:path';
import {
  askReady,
  dumpPostgrestConfig,
  type PostgrestServer,
  servePostgrest,
} from '../app/postgrest/index.ts';
import type { Given } from './command.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

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

/** `ashlar start` in place of PostgREST. */
export const startPostgrest = async (given: Given, terminal: Terminal): Promise<number> => {
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
};
