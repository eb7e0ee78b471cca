import { describe, expect, it } from 'vitest';
import { StatementBook } from './known-statement.ts';

describe('a book of statements', () => {
  it('knows a statement again by its key', () => {
    const book = new StatementBook();
    expect(book.use('plan:1', 'select 1')).toBe(book.use('plan:1', 'select 1'));
  });

  it('takes a key that stands for another text by now for another statement', () => {
    const book = new StatementBook();
    const before = book.use('plan:1', 'select id from secrets');
    const after = book.use('plan:1', 'begin');
    expect(after).not.toBe(before);
    expect(after).toMatchObject({ text: 'begin', control: true, usedBefore: 0 });
    expect(book.use('plan:1', 'begin')).toBe(after);
    expect(book.size).toBe(1);
  });

  it('forgets what was not used for longest when the texts become too long', () => {
    const book = new StatementBook();
    const daily = book.use('daily', 'select 1');
    for (let i = 0; i < 100; i++) {
      book.use(`plan:${i}`, `select ${i} -- ${'x'.repeat(1024 * 1024)}`);
      expect(book.use('daily', 'select 1')).toBe(daily);
      expect(book.size).toBeLessThan(20);
    }
  });
});
