import { beforeAll, describe, expect, test } from 'vitest';
import { findReach } from './condition.ts';
import { loadParser, type SqlParser } from './parser.ts';
import { readExpression } from './read-expression.ts';
import { wrapCalls } from './wrap-calls.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadParser();
});

const read = (text: string) =>
  readExpression(parser, text, {
    relation: { schema: 'public', name: 'posts' },
    mayAskCaller: ({ name }) => name !== 'pure',
  });

describe('an expression lets pass', () => {
  test.each([
    ['true', 'everybody'],
    ['(1 = 1)', 'everybody'],
    ['(NOT false)', 'everybody'],
    ["('a'::text = 'a'::text)", 'everybody'],
    ['(published OR true)', 'everybody'],
    ['false', 'nobody'],
    ['NULL::boolean', 'nobody'],
    ['(published AND false)', 'nobody'],
    ['(auth.uid() IS NOT NULL)', 'signed-in'],
    ['(( SELECT auth.uid() AS uid) IS NOT NULL)', 'signed-in'],
    ["(auth.role() = 'authenticated'::text)", 'signed-in'],
    ["(( SELECT auth.role() AS role) = ANY (ARRAY['anon'::text, 'authenticated'::text]))", 'signed-in'],
    ["((auth.jwt() ->> 'role'::text) = 'authenticated'::text)", 'signed-in'],
    ["(auth.role() <> 'anon'::text)", 'signed-in'],
    ["(auth.role() = 'service_role'::text)", 'caller'],
    ['published', 'some-rows'],
    ["(published AND (auth.role() = 'authenticated'::text))", 'some-rows'],
    ['(public.pure(title) > 3)', 'some-rows'],
    ['(user_id = auth.uid())', 'caller'],
    ['(published OR (user_id = auth.uid()))', 'some-rows'],
    ['(published AND (user_id = auth.uid()))', 'caller'],
    ['public.is_admin()', 'caller'],
    ['(name = CURRENT_USER)', 'caller'],
    [
      "(file_id IN ( SELECT files.id FROM public.files WHERE (files.sharing <> 'private'::text)))",
      'some-rows',
    ],
    ["(tenant = (current_setting('request.jwt.claims'::text, true))::json ->> 'tenant'::text)", 'caller'],
    [
      '(EXISTS ( SELECT 1 FROM public.members m WHERE ((m.team_id = posts.team_id) AND (m.user_id = auth.uid()))))',
      'caller',
    ],
    [
      '(EXISTS ( SELECT FROM public.topics WHERE ((topics.id = posts.topic_id) AND topics.published)))',
      'some-rows',
    ],
  ])('%s: %s', (text, reach) => {
    expect(findReach(read(text).conditions)).toBe(reach);
  });
});

describe('an expression', () => {
  test('mentions the columns of its table, those in subqueries too, and none of others', () => {
    const { columns } = read(
      '((user_id = auth.uid()) OR (EXISTS ( SELECT 1 FROM public.members user_id WHERE (user_id.team = posts.team_id))))',
    );
    expect([...columns]).toEqual(['user_id', 'team_id']);
  });

  test('calls functions, each alone in a subquery or for each row', () => {
    const { calls } = read(
      '((user_id = ( SELECT auth.uid() AS uid)) AND (auth.email() = mail) AND public.may_see(posts.id))',
    );
    expect(
      calls.map(({ schema, name, wrapped, ofRow }) => ({ call: `${schema}.${name}`, wrapped, ofRow })),
    ).toEqual([
      { call: 'auth.uid', wrapped: true, ofRow: false },
      { call: 'auth.email', wrapped: false, ofRow: false },
      { call: 'public.may_see', wrapped: false, ofRow: true },
    ]);
  });

  test('reads tables in subqueries, for each row or once', () => {
    const { subqueries } = read(
      `((team_id IN ( SELECT m.team_id FROM public.members m WHERE (m.user_id = ( SELECT auth.uid() AS uid))))
        OR (EXISTS ( SELECT 1 FROM (public.a JOIN public.b ON ((b.id = a.b_id)))
                     WHERE ((a.post_id = posts.id) AND (EXISTS ( SELECT 1 FROM public.c WHERE (c.b_id = b.id)))))))`,
    );
    const names = subqueries.map(({ reads, correlated, lookups }) => [
      reads.map(({ name }) => name).join(),
      correlated,
      lookups.map(({ relation, column }) => `${relation.name}.${column}`).join(),
    ]);
    expect(names).toEqual([
      ['members', false, 'members.user_id'],
      ['c', true, 'c.b_id'],
      ['a,b', true, 'a.post_id,b.id,a.b_id'],
    ]);
  });

  test('reads what WITH, FROM and UNION have below them', () => {
    const { subqueries, columns } = read(
      `(id IN ( WITH mine AS ( SELECT x.id FROM public.x WHERE (x.owner = posts.owner))
                SELECT mine.id FROM mine UNION SELECT s.id FROM ( SELECT y.id FROM public.y) s))`,
    );
    expect(subqueries.flatMap(({ reads }) => reads.map(({ name }) => name)).sort()).toEqual(['x', 'y']);
    expect([...columns].sort()).toEqual(['id', 'owner']);
  });

  test.each([
    ['(user_id = auth.uid())', ['user_id']],
    ['(auth.uid() = user_id)', ['user_id']],
    ['(team_id IN ( SELECT m.team_id FROM public.members m))', ['team_id']],
    ['(team_id = ANY ( SELECT public.my_teams() AS my_teams))', ['team_id']],
    ["(state = 'open'::text)", []],
    ['((user_id)::text = (auth.uid())::text)', []],
    ['(user_id = author_id)', []],
    ['(EXISTS ( SELECT 1 FROM public.members m WHERE (m.team_id = posts.team_id)))', []],
  ])('%s looks rows up by %j', (text, lookups) => {
    expect(read(text).conditions.map((condition) => condition.lookups)).toEqual([lookups]);
  });

  test.each([
    ["((auth.jwt() -> 'user_metadata'::text) ->> 'role'::text) = 'admin'::text", true],
    ["((auth.jwt() #>> '{user_metadata,role}'::text[]) = 'admin'::text)", true],
    ['(auth.jwt() @> \'{"user_metadata": {"admin": true}}\'::jsonb)', true],
    ["((auth.jwt() -> 'app_metadata'::text) ->> 'role'::text) = 'admin'::text", false],
    ["(title = 'app_user_metadata_x'::text)", false],
  ])('%s trusts what users write: %s', (text, expected) => {
    expect(read(text).readsUserMetadata).toBe(expected);
  });

  test('that is none is an error, not nothing', () => {
    expect(() => read('1 from')).toThrow();
  });
});

describe('calls are put into subqueries', () => {
  test.each([
    ['(user_id = auth.uid())', '(user_id = (select auth.uid()))'],
    [
      "(('é'::text = title) AND (auth.uid() = user_id) AND (auth.role() = ')('::text))",
      "(('é'::text = title) AND ((select auth.uid()) = user_id) AND ((select auth.role()) = ')('::text))",
    ],
    ['public.outer(auth.uid())', '(select public.outer(auth.uid()))'],
  ])('%s', (text, expected) => {
    expect(wrapCalls(parser, text, read(text).calls)).toBe(expected);
  });
});
