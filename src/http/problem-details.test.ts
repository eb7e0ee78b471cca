import { describe, expect, test } from 'vitest';
import { problem } from '../base/index.ts';
import type { HttpRequest } from './message.ts';
import { detailProblem } from './problem-details.ts';
import { problemResponse } from './problem-response.ts';

const asking = (accept: string | undefined, id?: string): HttpRequest =>
  ({ method: 'GET', path: '/', query: '', headers: { accept }, id }) as unknown as HttpRequest;

const refused = problemResponse(
  problem('PGRST205', { message: "Could not find the table 'public.pots'", hint: 'posts' }),
  'Ashlar',
);

describe('problem details', () => {
  test('are for those who ask', () => {
    const detailed = detailProblem(
      refused,
      asking('application/json, application/problem+json', 'r-1'),
      '/docs/errors',
    );
    expect(detailed.status).toBe(404);
    expect(detailed.headers).toContainEqual(['Content-Type', 'application/problem+json']);
    expect(detailed.headers).toContainEqual(['Proxy-Status', 'Ashlar; error=PGRST205']);
    expect(JSON.parse(String(detailed.body))).toEqual({
      type: '/docs/errors#PGRST205',
      title: 'Could not find the table in the schema cache',
      status: 404,
      detail: "Could not find the table 'public.pots'",
      instance: 'urn:ashlar:request:r-1',
      code: 'PGRST205',
      message: "Could not find the table 'public.pots'",
      details: null,
      hint: 'posts',
    });
  });

  test('of an error of Postgres lead to the section on those', () => {
    const own = problemResponse(
      { code: '23505', status: 409, message: 'duplicate', details: null, hint: null },
      'Ashlar',
    );
    expect(
      JSON.parse(String(detailProblem(own, asking('application/problem+json'), '/e').body)),
    ).toMatchObject({
      type: '/e#postgres',
      title: 'duplicate',
    });
  });

  test.each([
    undefined,
    '*/*',
    'application/json',
    'application/*',
    'application/problem+json;q=0',
    'application/problem+jsonx',
  ])('are not for those who accept %s', (accept) => {
    expect(detailProblem(refused, asking(accept), '/e')).toBe(refused);
  });

  test('leave answers alone that tell no error', () => {
    const fine = { status: 200, headers: [], body: undefined };
    expect(detailProblem(fine, asking('application/problem+json'), '/e')).toBe(fine);
  });
});
