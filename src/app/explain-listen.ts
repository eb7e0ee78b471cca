import { AppFailure } from './failure.ts';

/** Asks who answers at a port; undefined: nobody that speaks HTTP. */
const askServer = async (host: string, port: number): Promise<string | undefined> => {
  try {
    const response = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(500),
    });
    return response.headers.get('server') ?? 'a web server that does not tell its name';
  } catch {
    return undefined;
  }
};

const describe = async (
  { code }: NodeJS.ErrnoException,
  host: string,
  port: number,
  other: string,
): Promise<string | undefined> => {
  switch (code) {
    case 'EADDRINUSE': {
      const who = await askServer(host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port);
      const them = who === undefined ? 'Another program listens there' : `It is ${who} that answers there`;
      return `Port ${port} is taken. ${them}. Stop it, or ${other}.`;
    }
    case 'EACCES':
      return `Port ${port} may not be used: those below 1024 are for the system's administrator. To take another, ${other}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. 127.0.0.1 is seen from this machine only, 0.0.0.0 from all that reach it.`;
    default:
      return undefined;
  }
};

/**
 * Runs what listens, and explains why it could not.
 *
 * @param other how to take another port: `choose another one with --port`
 * @throws AppFailure in place of the errors of `net.Server#listen`
 */
export const explainListen = async <T>(
  host: string,
  port: number,
  other: string,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const message = await describe(error as NodeJS.ErrnoException, host, port, other);
    throw message === undefined ? error : new AppFailure(message, error);
  }
};
