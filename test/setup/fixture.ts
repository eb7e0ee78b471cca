import { readFileSync } from 'node:fs';
import { openSession } from '../../src/db/index.ts';
import { bootstrap } from '../../src/migrate/index.ts';
import { quoteIdent } from '../../src/sql/index.ts';
import { openTestApi, type TestApi, type TestApiOptions } from './api.ts';
import { type ClusterVersion, createTestDatabase, type TestDatabase } from './database.ts';

/** The roles that requests of tests take. They belong to the cluster, where other files may make them too. */
const ROLES = ['anon', 'authenticated', 'service_role'];

/** As the bootstrap makes them, since whoever comes first makes them for all. */
const attributes = (role: string): string =>
  `nologin noinherit${role === 'service_role' ? ' bypassrls' : ''}`;

const rolesSql = (serving: string): string =>
  ROLES.map(
    (role) => `
do $$ begin
  if not exists (select from pg_roles where rolname = '${role}') then create role ${role} ${attributes(role)}; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  if not pg_has_role('${serving}', '${role}', 'member') then grant ${role} to ${quoteIdent(serving)}; end if;
exception when others then
  if sqlerrm <> 'tuple concurrently updated' then raise; end if;
end $$;`,
  ).join('\n');

/**
 * Makes a database that this SQL has filled, run by its owner. Requests may look into the schema public; what
 * else they may, the SQL says.
 */
export const createFilledDatabase = async (
  name: string,
  content: string,
  version: ClusterVersion = 18,
): Promise<TestDatabase> =>
  createTestDatabase(version, {
    template: {
      name: `template_${name}`,
      build: async (owner, server) => {
        const session = await openSession(owner);
        try {
          await session.query(rolesSql(server.user));
          await session.query(`grant usage on schema public to ${ROLES.join(', ')}`);
          await session.query(content);
        } finally {
          await session.close();
        }
      },
    },
  });

/**
 * Makes a database as a project's is: prepared by the bootstrap, then filled by this SQL, which its owner runs.
 */
export const createPreparedDatabase = (
  name: string,
  content: string,
  version: ClusterVersion = 18,
): Promise<TestDatabase> =>
  createTestDatabase(version, {
    template: {
      name: `template_${name}`,
      build: async (owner, server) => {
        const session = await openSession(owner);
        try {
          const { failure } = await bootstrap(session, { server: server.user });
          if (failure) throw new Error(`The database could not be prepared: ${JSON.stringify(failure)}`);
          await session.query(content);
        } finally {
          await session.close();
        }
      },
    },
  });

/** An API on a database of its own. */
export type Fixture = { readonly database: TestDatabase; readonly api: TestApi };

/**
 * Opens the API on a database that `test/fixtures/<name>.sql` has filled.
 *
 * @example
 * const { api } = await openFixture('bookshop');
 * (await api.ask('/books?select=title')).json()
 */
export const openFixture = async (
  name: string,
  options: TestApiOptions & { readonly version?: ClusterVersion } = {},
): Promise<Fixture> => {
  const content = readFileSync(new URL(`../fixtures/${name}.sql`, import.meta.url), 'utf8');
  const database = await createFilledDatabase(name, content, options.version);
  return { database, api: await openTestApi(database, options) };
};
