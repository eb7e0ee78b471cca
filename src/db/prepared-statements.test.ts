import { describe, expect, it } from 'vitest';
import { StatementBook } from './known-statement.ts';
import { PreparedStatements } from './prepared-statements.ts';

const kilobytes = (count: number): string => 'x'.repeat(count * 1024);

describe('the prepared statements of a connection', () => {
  /** Uses a statement, which gets ready if it is prepared; gives whether it is, and what lost its place. */
  const use = (prepared: PreparedStatements, book: StatementBook, key: string, text: string) => {
    const known = book.use(key, text);
    const obsolete: string[] = [];
    const found = prepared.get(known) ?? prepared.admit(known, obsolete);
    if (found) found.ready = true;
    return { name: found?.name, obsolete };
  };

  it('are not of long texts, which would take much memory in Postgres', () => {
    const prepared = new PreparedStatements(250);
    const book = new StatementBook();
    for (let i = 0; i < 3; i++) expect(use(prepared, book, 'long', kilobytes(17)).name).toBeUndefined();
    expect(use(prepared, book, 'short', kilobytes(1)).name).toBe('a1');
  });

  it('have only so many characters together, and those in use keep their places', () => {
    const prepared = new PreparedStatements(250);
    const book = new StatementBook();
    const daily = use(prepared, book, 'daily', 'select 1').name;
    for (let i = 0; i < 100; i++) {
      use(prepared, book, `once:${i}`, kilobytes(16));
      expect(use(prepared, book, 'daily', 'select 1').name).toBe(daily);
    }
    expect(prepared.size).toBe(16);
  });

  it('make way for what is used more than they are', () => {
    const prepared = new PreparedStatements(250);
    const book = new StatementBook();
    for (let i = 0; i < 16; i++) use(prepared, book, `old:${i}`, kilobytes(16));
    expect(use(prepared, book, 'new', kilobytes(16))).toEqual({ name: undefined, obsolete: [] });
    expect(use(prepared, book, 'new', kilobytes(16))).toEqual({ name: 'a17', obsolete: ['a1'] });
    const [first] = [book.use('new', kilobytes(16))];
    const place = prepared.get(first);
    if (place) prepared.forget(place);
    expect(use(prepared, book, 'next', kilobytes(16)).name).toBe('a18');
  });
});
