import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind, finish, ident, isNothing, join, nothing, qualified, type Sql, sql, trusted } from './index.ts';

describe('sql', () => {
  it('numbers bound values in the order of the text, through any nesting', () => {
    const inner = sql`a = ${bind('1')} or b = ${bind('2')}`;
    const outer = sql`select ${bind('0')} where (${inner}) and c = ${bind('3')}`;
    expect(finish(outer)).toEqual({
      text: 'select $1 where (a = $2 or b = $3) and c = $4',
      params: ['0', '1', '2', '3'],
    });
  });

  it('gives one number to a slot that is used twice', () => {
    const body = bind('{}');
    expect(finish(sql`select ${body}, ${bind('x')}, ${body}`)).toEqual({
      text: 'select $1, $2, $1',
      params: ['{}', 'x'],
    });
  });

  it('gives two slots with equal values a number each', () => {
    expect(finish(sql`select ${bind('x')}, ${bind('x')}`).params).toEqual(['x', 'x']);
  });

  it('quotes names and takes trusted text as it is', () => {
    const text = finish(
      sql`select ${ident('we"ird')}::${trusted('varchar(20)')} from ${qualified({ schema: 's', name: 't' })}`,
    ).text;
    expect(text).toBe('select "we""ird"::varchar(20) from "s"."t"');
  });

  it('joins fragments, and nothing to nothing', () => {
    expect(finish(join([bind('1'), bind('2'), bind('3')], ', ')).text).toBe('$1, $2, $3');
    expect(isNothing(join([], ', '))).toBe(true);
    expect(isNothing(nothing)).toBe(true);
    expect(isNothing(bind('1'))).toBe(false);
  });

  it('refuses a plain string between the braces', () => {
    const careless = "'; drop table users; --" as unknown as Sql;
    expect(() => sql`select ${careless}`).toThrow(TypeError);
  });

  it('keeps every value out of the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        const marked = values.map((value) => `\u0001${value}`);
        const statement = finish(sql`select ${join(marked.map(bind), ', ')}`);
        expect(statement.params).toEqual(marked);
        expect(statement.text).not.toContain('\u0001');
      }),
    );
  });
});
