import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectOptions, openSession, type Session, startEmbedded } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { freePort } from './free-port.ts';

/** How a contender logs in. */
export type Login = ConnectOptions & { readonly password: string };

export type BenchDatabase = {
  /** Of the postmaster: its children are all that work for the database. */
  readonly pid: number;
  readonly version: string;
  readonly tcpPort: number;
  /** Owner of everything, past all policies. */
  readonly owner: Login;
  /** May take the callers' roles, and nothing else. */
  readonly server: Login;
  /** Makes another database of the cluster with these scripts, or takes the one that is there. */
  readonly another: (name: string, scripts: readonly string[]) => Promise<{ owner: Login; server: Login }>;
  /** Takes away what writes have left, so that each begins with the same table. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const withSession = async <T>(login: Login, work: (session: Session) => Promise<T>): Promise<T> => {
  const session = await openSession(login);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};

/**
 * Starts a Postgres of the bench's own and loads the data.
 *
 * @param folder where it is kept from one run to the next; undefined: it is made anew and thrown away
 */
export const openDatabase = async (
  folder: string | undefined,
  say: (text: string) => void,
): Promise<BenchDatabase> => {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'ashlar-bench-'));
  mkdirSync(place, { recursive: true });
  say('starting Postgres');
  const tcpPort = await freePort();
  const embedded = await startEmbedded({
    folder: place,
    port: tcpPort,
    settings: { max_connections: '200' },
  });
  const withPassword = (connect: ConnectOptions): Login => ({
    ...connect,
    password: connect.password as string,
  });
  const owner = withPassword(embedded.owner);
  const server = withPassword(embedded.server);
  const marks = join(place, 'bench.json');
  const made = new Set<string>(
    existsSync(marks) ? (JSON.parse(readFileSync(marks, 'utf8')) as string[]) : [],
  );
  const once = async (
    name: string,
    login: Login,
    fill: (session: Session) => Promise<void>,
  ): Promise<void> => {
    if (made.has(name)) return;
    await withSession(login, fill);
    made.add(name);
    writeFileSync(marks, JSON.stringify([...made]));
  };
  await once('main', owner, async (session) => {
    say('loading 10,000 authors, 100,000 posts and 500,000 comments');
    await bootstrap(session, { server: server.user });
    await session.query(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
    await session.query('vacuum analyze');
  });
  return {
    pid: embedded.pid,
    version: embedded.version,
    tcpPort,
    owner,
    server,
    another: async (name, scripts) => {
      const its = { ...owner, database: name };
      if (!made.has(name)) {
        await withSession(owner, async (session) => {
          await session.query(`drop database if exists ${name}`);
          await session.query(`create database ${name}`);
        });
      }
      await once(name, its, async (session) => {
        await bootstrap(session, { server: server.user });
        for (const script of scripts) await session.query(script);
        await session.query('vacuum analyze');
      });
      return { owner: its, server: { ...server, database: name } };
    },
    tidy: () =>
      withSession(owner, async (session) => {
        await session.query('delete from public.posts where id > 100000');
        await session.query('vacuum public.posts');
        await session.query('checkpoint');
      }),
    close: async () => {
      await embedded.stop();
      if (folder === undefined) rmSync(place, { recursive: true, force: true });
    },
  };
};
