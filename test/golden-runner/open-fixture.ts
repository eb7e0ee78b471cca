import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession, type Session } from '../../src/db/index.ts';
import { bootstrap } from '../../src/migrate/index.ts';
import { openTestApi, type TestApi, type TestApiOptions } from '../setup/api.ts';
import { type ClusterVersion, createTestDatabase, type TestTemplate } from '../setup/database.ts';

const SCHEMA = join(import.meta.dirname, '../golden-fixture/schema.sql');

const template: TestTemplate = {
  name: 'template_golden',
  build: async (owner, server) => {
    const session = await openSession(owner);
    try {
      const { failure } = await bootstrap(session, { server: server.user });
      if (failure) throw new Error(`The database could not be prepared: ${JSON.stringify(failure)}`);
      await session.query(readFileSync(SCHEMA, 'utf8'));
    } finally {
      await session.close();
    }
  },
};

/** The database that all cases begin with, and the APIs that were opened on it. */
export type Fixture = {
  /** An API with these settings; the same settings, the same API. */
  readonly open: (settings: TestApiOptions) => Promise<TestApi>;
  /** Sequences know of no rollback: each case that may use them finds them as they were. */
  readonly resetSequences: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const RESET = `select setval(c.oid::regclass, s.seqstart, false)
  from pg_sequence s join pg_class c on c.oid = s.seqrelid where c.relnamespace = 'public'::regnamespace`;

export const openFixture = async (version: ClusterVersion): Promise<Fixture> => {
  const database = await createTestDatabase(version, { template });
  const session: Session = await openSession(database.owner);
  const apis = new Map<string, Promise<TestApi>>();
  return {
    open: (settings) => {
      const key = JSON.stringify(settings);
      const api = apis.get(key) ?? openTestApi(database, settings);
      apis.set(key, api);
      return api;
    },
    resetSequences: async () => {
      await session.query(RESET);
    },
    close: async () => {
      await session.close();
      for (const api of apis.values()) await (await api).close();
    },
  };
};
