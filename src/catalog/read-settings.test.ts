import { describe, expect, test } from 'vitest';
import { readSettings } from './read-settings.ts';

const sql = (source: string) => ({ language: 'sql', source });

describe('the settings that are read', () => {
  test.each([
    ["select current_setting('request.path')", ['request.path']],
    ["select CURRENT_SETTING ( 'Request.Headers' , true)::json", ['request.headers']],
    ["(current_setting('a.b'::text, true) = current_setting('a.c'::text))", ['a.b', 'a.c']],
    ["SELECT current_setting('a.b'::text) AS current_setting", ['a.b']],
    ["select pg_catalog.current_setting('x.y', true)", ['x.y']],
  ])('by name: %s', (source, names) => {
    expect(readSettings([sql(source)])).toEqual(names);
  });

  test.each([
    ["select current_setting('request.' || $1, true)"],
    ['select current_setting($1)'],
    ["select current_setting(E'request.path')"],
    ["select current_setting('a.b', true), current_setting(name)"],
    ["select * from x('select current_setting(''request.headers'')')"],
    ['select setting from pg_settings'],
    ['begin execute text; end'],
    ['show all'],
    ["select query_to_xml($1, true, true, '')"],
    ["select current_setting/**/('request.path')"],
    ['select my_current_setting(1)'],
  ])('may be any: %s', (source) => {
    expect(readSettings([sql("select current_setting('a.b')"), sql(source)])).toBeNull();
  });

  test('are any where a function is written in another language, or nobody tells of changes', () => {
    expect(readSettings([{ language: 'plpython3u', source: 'return 1' }])).toBeNull();
    expect(readSettings(null)).toBeNull();
    expect(readSettings([])).toEqual([]);
  });
});
