import { packageVersion } from '../../base/index.ts';
import type { PostgrestValues } from '../config/postgrest-settings.ts';
import { postgrestLimits } from '../door/limits.ts';
import type { ListenOptions } from '../server.ts';
import { agent } from './generation.ts';

/** An address, or none for all of IPv4 and IPv6 (`server-host`). */
const hostOf = (host: string): string | undefined => {
  switch (host) {
    case '*':
    case '*4':
    case '*6':
      return undefined;
    case '!4':
      return '0.0.0.0';
    case '!6':
      return '::';
    default:
      return host;
  }
};

const socketOf = (path: string | undefined, mode: number): Pick<ListenOptions, 'socket'> =>
  path === undefined ? {} : { socket: { path, mode } };

type Given = Pick<ListenOptions, 'routes' | 'onInternalError' | 'onAnswered'>;

/** How the server for requests listens; what may change at a reload is looked up in what holds then. */
export const mainListenOptions = (current: () => PostgrestValues, given: Given): ListenOptions => {
  const values = current();
  return {
    ...given,
    host: hostOf(values['server-host']),
    port: values['server-port'],
    ...socketOf(values['server-unix-socket'], values['server-unix-socket-mode']),
    reusePort: values['server-reuseport'],
    get cors() {
      return { origins: current()['server-cors-allowed-origins'].filter((origin) => origin !== '') };
    },
    get traceHeader() {
      return current()['server-trace-header'];
    },
    limits: postgrestLimits,
    agent,
    server: `ashlar/${packageVersion()}`,
  };
};

/** How the admin server listens; undefined: there is none. */
export const adminListenOptions = (values: PostgrestValues, given: Given): ListenOptions | undefined => {
  const socket = socketOf(values['admin-server-unix-socket'], values['admin-server-unix-socket-mode']);
  const port = values['admin-server-port'];
  if (port === undefined && !('socket' in socket)) return undefined;
  return {
    ...given,
    host: hostOf(values['admin-server-host'] ?? values['server-host']),
    port: port ?? 0,
    ...socket,
    cors: { origins: [] },
    limits: { ...postgrestLimits, body: 0 },
    traceHeader: undefined,
    agent,
    server: `ashlar/${packageVersion()}`,
  };
};
