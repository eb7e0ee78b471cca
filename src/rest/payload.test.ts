import { describe, expect, test } from 'vitest';
import { attempt } from '../base/index.ts';
import { parseMediaType, type Verb } from '../request/index.ts';
import { readBody } from './payload.ts';

const read = (text: string | Buffer, type = 'application/json', verb: Verb = 'create', named = false) =>
  readBody(verb, parseMediaType(type), type, Buffer.from(text), named);

const refused = (text: string | Buffer, type?: string, verb?: Verb) => {
  const result = attempt(() => read(text, type, verb));
  return result.ok ? undefined : `${result.problem.code} ${result.problem.message}`;
};

describe('JSON bodies', () => {
  test('an object is one row, its keys sorted', () => {
    expect(read('{"b":1,"a":2}').payload).toEqual({ kind: 'json', form: 'object', keys: ['a', 'b'] });
  });

  test('the text goes on as it came, so that no digit of a number is lost', () => {
    expect(read('{"n":12345678901234567890.10}').value).toBe('{"n":12345678901234567890.10}');
  });

  test('rows of an array have the same keys', () => {
    expect(read('[{"a":1,"b":2},{"b":3,"a":4}]').payload).toMatchObject({ form: 'array', keys: ['a', 'b'] });
    expect(refused('[{"a":1},{"b":1}]')).toBe('PGRST102 All object keys must match');
    expect(refused('[{"a":1},{"a":1,"b":1}]')).toBe('PGRST102 All object keys must match');
    expect(refused('[{"a":1},null]')).toBe('PGRST102 All object keys must match');
    expect(refused('[1]')).toBe('PGRST102 All object keys must match');
  });

  test('what is neither an object nor an array stands for no rows', () => {
    expect(read('[]').value).toBe('[]');
    expect(read('5').value).toBe('[]');
  });

  test('what is not JSON is refused, and so is nothing', () => {
    expect(refused('{"a":')).toBe('PGRST102 Empty or invalid json');
    expect(refused('')).toBe('PGRST102 Empty or invalid json');
    expect(refused(Buffer.from([0x22, 0xff, 0x22]))).toBe('PGRST102 Empty or invalid json');
  });

  test('with columns= the body is left to Postgres', () => {
    expect(read(' \n{"a"', 'application/json', 'create', true).payload).toEqual({
      kind: 'json',
      form: 'object',
      keys: [],
    });
    expect(read('[{"a":1}]', 'application/json', 'create', true).payload).toMatchObject({ form: 'array' });
  });

  test('a call without a body has no arguments', () => {
    expect(read('', 'application/json', 'call').payload).toEqual({ kind: 'json', form: 'object', keys: [] });
  });

  test('a key called __proto__ is a key like any other', () => {
    expect(read('{"__proto__":1}').payload).toMatchObject({ keys: ['__proto__'] });
  });
});

describe('other bodies', () => {
  test('CSV has a header line; the bare word NULL is null', () => {
    const { payload, value } = read('b,a\n1,NULL\n"x, ""y""",\n', 'text/csv');
    expect(payload).toEqual({ kind: 'json', form: 'array', keys: ['a', 'b'] });
    expect(JSON.parse(String(value))).toEqual([
      { b: '1', a: null },
      { b: 'x, "y"', a: '' },
    ]);
  });

  test('CSV that a spreadsheet has saved begins with a mark of its bytes, which is no part of a name', () => {
    expect(read('\ufeffid\n1\n', 'text/csv').payload).toMatchObject({ keys: ['id'] });
  });

  test('lines of CSV have as many fields as the header', () => {
    expect(refused('a,b\n1\n', 'text/csv')).toBe('PGRST102 All lines must have same number of fields');
    expect(refused('', 'text/csv')).toMatch(/^PGRST102/);
    expect(refused('a\n"1\n', 'text/csv')).toMatch(/^PGRST102/);
  });

  test('a form is a row for a table', () => {
    expect(read('name=a+b&id=1', 'application/x-www-form-urlencoded')).toMatchObject({
      payload: { kind: 'json', form: 'object', keys: ['id', 'name'] },
      value: '{"name":"a b","id":"1"}',
    });
  });

  test('JSON that is said to be a form is told so', () => {
    expect(refused('{"title":"x"}', 'application/x-www-form-urlencoded')).toBe(
      'PGRST102 The body is JSON, but its Content-Type says that it is a form',
    );
  });

  test('a form is a list of arguments for a function, which may come more than once', () => {
    const { payload, form } = read('v=1&v=2', 'application/x-www-form-urlencoded', 'call');
    expect(payload).toEqual({ kind: 'form', keys: ['v'] });
    expect(form?.get('v')).toEqual(['1', '2']);
  });

  test('text and bytes are for functions alone', () => {
    expect(read('hello', 'text/plain', 'call').value).toBe('hello');
    expect(read(Buffer.from([1, 255]), 'application/octet-stream', 'call').value).toEqual(
      Buffer.from([1, 255]),
    );
    expect(refused('hello', 'text/plain')).toBe('PGRST102 Content-Type not acceptable: text/plain');
  });

  test('a type that nobody reads is refused by its name', () => {
    expect(refused('x', 'image/png', 'call')).toBe('PGRST102 Content-Type not acceptable: image/png');
  });
});
