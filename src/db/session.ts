import pg from 'pg';
import type { ConnectOptions } from './connect-options.ts';
import { ConnectionError } from './connection-error.ts';
import { makePgError, type PgErrorFields } from './pg-error.ts';
import { clientConfig } from './takeover.ts';

/** The columns of a row by name, in Postgres' text format. */
export type SessionRow = { readonly [column: string]: string | null };

/**
 * One connection of one's own, one statement after the other: for work that changes the session or
 * opens and closes transactions as it goes, such as migrations. Requests have the `Pool`.
 */
export type Session = {
  /**
   * Runs SQL and gives the rows of its last statement. Without values it goes by the simple query
   * protocol, so it may be any statement, or several. Values are bound to `$1 …`.
   *
   * Rejects with a PgError, or with a ConnectionError once the connection is lost.
   */
  readonly query: (text: string, values?: readonly (string | null)[]) => Promise<readonly SessionRow[]>;
  /** Tells of what the server says beside (warnings, RAISE NOTICE) until the function it gives is called. */
  readonly onNotice: (listener: (notice: PgErrorFields) => void) => () => void;
  readonly close: () => Promise<void>;
};

export type SessionOptions = {
  /** How long the login may take. Default 10,000 ms. */
  readonly timeoutMs?: number;
  /** It keeps no process alive while nothing is asked. Default false. */
  readonly background?: boolean;
};

/** Everything stays text. */
const types = { getTypeParser: () => (text: string) => text };

/**
 * Opens a session. Rejects with a ConnectionError (`connect-failed`).
 *
 * @example
 * const session = await openSession(embedded.owner);
 * await session.query('begin; create table t (a int); commit');
 * await session.query('select count(*) from t'); // [{ count: '0' }]
 */
export const openSession = async (
  options: ConnectOptions,
  { timeoutMs = 10_000, background = false }: SessionOptions = {},
): Promise<Session> => {
  const client = new pg.Client(clientConfig(options, timeoutMs));
  let lost: Error | undefined;
  // Without a listener the loss of an idle connection would be thrown.
  client.on('error', (error) => {
    lost = error;
  });
  client.on('end', () => {
    lost ??= new Error('The connection was ended.');
  });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionError(
      'connect-failed',
      `Could not connect to ${options.host}:${options.port}: ${reason}`,
      error,
    );
  }
  // pg's client has them; its types leave them out.
  const { ref, unref } = client as unknown as { readonly ref: () => void; readonly unref: () => void };
  let asked = 0;
  const begin = (): void => {
    if (background && asked++ === 0) ref.call(client);
  };
  const end = (): void => {
    if (background && --asked === 0) unref.call(client);
  };
  if (background) unref.call(client);
  return {
    query: async (text, values) => {
      begin();
      try {
        const result: pg.QueryResult | pg.QueryResult[] = await client.query({
          text,
          types,
          ...(values ? { values: [...values] } : {}),
        });
        return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.severity !== 'FATAL' && lost === undefined) {
          throw makePgError(readFields(error), 0);
        }
        throw new ConnectionError(
          'lost',
          `The connection to the database was lost: ${describe(error)}`,
          error,
        );
      } finally {
        end();
      }
    },
    onNotice: (listener) => {
      const tell = (notice: unknown): void => listener(readFields(notice as Reported));
      client.on('notice', tell);
      return () => client.removeListener('notice', tell);
    },
    close: () => client.end(),
  };
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error or notice as pg reads it: every field but the message may be undefined. */
type Reported = { readonly message?: string } & { readonly [field: string]: unknown };

const textFields = [
  'detail',
  'hint',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

const numberFields = ['position', 'internalPosition'] as const;

const readFields = (reported: Reported | pg.DatabaseError): PgErrorFields => {
  const from = reported as Reported;
  const fields: Record<string, string | number> = {};
  for (const name of textFields) if (typeof from[name] === 'string') fields[name] = from[name];
  for (const name of numberFields) if (from[name] !== undefined) fields[name] = Number(from[name]);
  return {
    ...fields,
    severity: typeof from.severity === 'string' ? from.severity : 'ERROR',
    code: typeof from.code === 'string' ? from.code : 'XX000',
    message: from.message ?? '',
  };
};
