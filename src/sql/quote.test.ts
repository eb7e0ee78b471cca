import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from './index.ts';

/** Text that Postgres can hold: no NUL, and no half of a surrogate pair. */
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0') && value.isWellFormed());
/** Names are cut at 63 bytes. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 63 })
  .filter((value) => !value.includes('\0') && value.isWellFormed() && Buffer.byteLength(value) <= 63);
const nasty = fc.constantFrom(
  `'`,
  `"`,
  '\\',
  `\\'`,
  `''`,
  '$$',
  '--',
  '/*',
  ';',
  `E'`,
  '\n',
  '\u00e9',
  '{',
  'U&"',
);
const nastyText = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

describe.each(installedVersions())('quoting, as read back by Postgres %s', (version) => {
  let client: pg.Client;

  beforeAll(async () => {
    const { host, port, user, password, database } = (await createTestDatabase(version)).owner;
    client = new pg.Client({ host, port, user, password: password as string, database });
    await client.connect();
  });
  afterAll(() => client.end());

  const ask = async (query: string): Promise<pg.QueryArrayResult> =>
    client.query({ text: query, rowMode: 'array' });

  it.each(['on', 'off'])(
    'gives any text back from quoteLiteral with standard_conforming_strings %s',
    async (mode) => {
      await client.query(`set standard_conforming_strings = ${mode}`);
      await client.query('set backslash_quote = safe_encoding');
      const property = fc.asyncProperty(fc.oneof(text, nastyText), async (value) => {
        fc.pre(!value.includes('\0'));
        const { rows } = await ask(`select ${quoteLiteral(value)}::text`);
        expect(rows).toEqual([[value]]);
      });
      await fc.assert(property, { numRuns: 300 });
      await client.query('reset standard_conforming_strings');
    },
  );

  it('gives any name back from quoteIdent', async () => {
    const short = nastyText.filter(
      (value) => value !== '' && !value.includes('\0') && Buffer.byteLength(value) <= 63,
    );
    const property = fc.asyncProperty(fc.oneof(name, short), async (value) => {
      const { fields } = await ask(`select 1 as ${quoteIdent(value)}`);
      expect(fields.map((field) => field.name)).toEqual([value]);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('finds a table by its quoted qualified name', async () => {
    const odd = { schema: 'sch"e.ma', name: `ta'b"le` };
    await client.query(`create schema ${quoteIdent(odd.schema)}`);
    await client.query(`create table ${quoteQualified(odd)} (a int)`);
    const { rows } = await ask(
      "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname like 'ta%le'",
    );
    expect(rows).toEqual([[odd.schema, odd.name]]);
  });
});

describe('quoting', () => {
  it('refuses names that Postgres cannot have', () => {
    expect(() => quoteIdent('')).toThrow(RangeError);
    expect(() => quoteIdent('a\0b')).toThrow(RangeError);
  });

  it('refuses text with a NUL', () => {
    expect(() => quoteLiteral('a\0b')).toThrow(RangeError);
  });
});
