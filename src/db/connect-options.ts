import type { ConnectionOptions as TlsOptions } from 'node:tls';

/**
 * Where a database is and as whom to log in.
 *
 * @example { host: '/tmp/ashlar-1f2e3d', port: 5432, user: 'authenticator', password: '…', database: 'ashlar' }
 */
export type ConnectOptions = {
  /** Host name, address, or the directory of a unix socket (begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | (() => string | Promise<string>);
  readonly database: string;
  /** `true` or TLS options for TLS; undefined: plain. */
  readonly ssl?: boolean | TlsOptions;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Settings the session begins with (they survive `RESET ALL`), such as `{ statement_timeout: '8s' }`. */
  readonly settings?: { readonly [name: string]: string };
};
