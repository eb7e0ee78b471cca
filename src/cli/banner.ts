import type { DevServer } from '../app/index.ts';
import type { Terminal } from './terminal.ts';

/** What a script is told when the server is ready: one line of JSON. */
export const readyLine = ({ url, rest, docs, anonKey, serviceKey, db }: DevServer): string =>
  JSON.stringify({ url, rest, docs, anonKey, serviceKey, db });

/** A `curl` that works when it is pasted. */
export const sampleCommand = ({ rest, sample, serviceKey }: DevServer): string =>
  sample === undefined
    ? `curl '${rest}/'`
    : `curl '${rest}${sample.path}'${sample.keyed && serviceKey !== undefined ? ` -H 'apikey: ${serviceKey}'` : ''}`;

/** What a person is told when the server is ready. */
export const banner = (server: DevServer, milliseconds: number, { style }: Terminal): string => {
  const row = (name: string, text: string): string => `  ${style('dim', name.padEnd(13))}${text}`;
  return [
    '',
    `${style(['bold', 'green'], 'Ashlar is ready')} ${style('dim', `(${(milliseconds / 1000).toFixed(2)} s)`)}`,
    '',
    ...(server.hasPage ? [row('Page', style('bold', server.url))] : []),
    row('REST API', style('bold', server.rest)),
    row('Docs', server.docs),
    row('Database', server.db),
    ...(server.anonKey === undefined ? [] : [row('anon key', server.anonKey)]),
    ...(server.serviceKey === undefined ? [] : [row('service key', server.serviceKey)]),
    row('Data', server.dataDir),
    '',
    server.sample?.keyed && server.serviceKey !== undefined
      ? 'Without a token nothing is open yet. Try it as service_role, which passes all policies:'
      : 'Try it:',
    '',
    `  ${sampleCommand(server)}`,
    '',
    style('dim', 'The service key passes all policies: keep it to your own programs. Save a file in the'),
    style('dim', 'migrations folder, and the API follows. Ctrl-C stops everything.'),
    '',
  ].join('\n');
};
