import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { ConnectOptions } from '../db/index.ts';
import { ConfigError } from './config/config-error.ts';
import type { ConnectTarget, TlsFiles } from './config/connect-target.ts';

/** SSLRequest: eight bytes that ask whether the server speaks TLS (Postgres, "SSL Session Encryption"). */
const question = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const timeoutMs = 5_000;

/** Asks the server; who does not answer is left to the login, which tells why. */
const speaksTls = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('connect', () => socket.write(question));
    socket.on('data', (answer) => settle(answer[0] === 'S'.charCodeAt(0)));
    socket.on('close', () => settle(false));
  });

const readPem = async (path: string, what: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The ${what} of the connection to the database could not be read: ${(error as Error).message}`,
    );
  }
};

const readFiles = async (files: TlsFiles): Promise<TlsOptions> => {
  const { rootCertificate, certificate, key } = files;
  return {
    ...(rootCertificate === undefined || rootCertificate === 'system'
      ? {}
      : { ca: await readPem(rootCertificate, 'root certificate (sslrootcert)') }),
    ...(certificate === undefined ? {} : { cert: await readPem(certificate, 'certificate (sslcert)') }),
    ...(key === undefined ? {} : { key: await readPem(key, 'key (sslkey)') }),
  };
};

/**
 * Finds out whether the connection is encrypted and how its certificate is checked, as libpq's `sslmode`
 * has it; `prefer` asks the server.
 *
 * @throws ConfigError where a file that is named cannot be read
 */
export const findTls = async ({ options, tls, tlsFiles }: ConnectTarget): Promise<ConnectOptions> => {
  switch (tls) {
    case 'disable':
    case 'allow':
      return options;
    case 'prefer':
      if (!(await speaksTls(options.host, options.port))) return options;
      return { ...options, ssl: { ...(await readFiles(tlsFiles)), rejectUnauthorized: false } };
    case 'require':
      return { ...options, ssl: { ...(await readFiles(tlsFiles)), rejectUnauthorized: false } };
    case 'verify-ca':
      return { ...options, ssl: { ...(await readFiles(tlsFiles)), checkServerIdentity: () => undefined } };
    case 'verify-full':
      return { ...options, ssl: await readFiles(tlsFiles) };
  }
};
