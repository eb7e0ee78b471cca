import { describe, expect, test } from 'vitest';
import type { PgError, Session } from '../db/index.ts';
import { Extensions } from './extensions.ts';
import { type FileStatement, splitStatements } from './split-statements.ts';

/** A server that has these extensions; `uuid`: our own uuid_generate_v4() stands in. */
const server = (available: readonly string[], uuid: boolean): Extensions => {
  const session: Session = {
    query: async (text) =>
      text.includes('pg_available_extensions')
        ? available.map((name) => ({ name }))
        : [{ found: uuid ? 't' : 'f' }],
    onNotice: () => () => {},
    close: async () => {},
  };
  return new Extensions(session);
};
const read = (text: string): FileStatement => splitStatements(text).statements[0] as FileStatement;

describe('a statement about an extension', () => {
  test.each([
    'create extension if not exists "uuid-ossp" with schema extensions',
    'CREATE EXTENSION "uuid-ossp"',
    'create extension PG_NET',
    'alter extension pg_net set schema extensions',
    "comment on extension pg_net is 'x'",
  ])('is left out where something stands in for it, or only the platform has it: %s', async (text) => {
    expect(await server([], true).explainSkip(read(text))).toContain('This server has no extension');
  });

  test.each([
    'create extension "uuid-ossp"',
    'create extension pgcrypto',
    'create extension postgis',
    'drop extension if exists pg_net',
    'create table extension (pg_net int)',
    "comment on table pg_net is 'x'",
    'create',
  ])('is run where nothing does: %s', async (text) => {
    expect(await server([], false).explainSkip(read(text))).toBeUndefined();
  });

  test('is run where the extension is available', async () => {
    const text = 'create extension pg_net';
    expect(await server(['pg_net'], false).explainSkip(read(text))).toBeUndefined();
  });

  test('tells, when it fails, which there are', async () => {
    const error = { message: 'extension "postgis" is not available' } as PgError;
    const help = await server(['citext', 'hstore'], false).advise(read('create extension postgis'), error);
    expect(help[0]).toBe('Available on this server: citext, hstore.');
  });
});
