import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from './setup/program.ts';

type Explained = {
  readonly role: string;
  readonly exempt: boolean;
  readonly statements: readonly { readonly text: string; readonly params: readonly string[] }[];
  readonly tables: readonly {
    readonly name: string;
    readonly rowSecurity: boolean;
    readonly policies: readonly { readonly name: string; readonly using: string; readonly check: string }[];
  }[];
  readonly functions: readonly { readonly name: string; readonly definition: string }[];
};

describe('a server of ashlar dev, asked to explain a request', () => {
  let folder: string;
  let program: Program;
  let ready: Ready;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'explained-'));
    cpSync('examples/blog', folder, { recursive: true, filter: (path) => !path.includes('.ashlar') });
    program = startProgram(['dev', folder, '--port', '0', '--json']);
    ready = await untilReady(program);
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (body: string) => fetch(`${ready.url}/dev/explain`, { method: 'POST', body });
  const explain = async (described: object): Promise<Explained> => {
    const answer = await send(JSON.stringify(described));
    expect(answer.status).toBe(200);
    return (await answer.json()) as Explained;
  };
  const policiesOf = ({ tables }: Explained) =>
    tables.map(({ name, policies }) => [name, policies.map((policy) => policy.name)]);

  test('shows the SQL with its values apart, and the policies on all tables that it reaches', async () => {
    const explained = await explain({ target: '/rest/v1/posts?select=title,tags(name)&title=eq.x' });
    expect(explained).toMatchObject({ role: 'anon', exempt: false, functions: [] });
    const statement = explained.statements.at(-1);
    expect(statement?.text).toContain('FROM "public"."posts"');
    expect(statement?.params).toEqual(['x']);
    expect(policiesOf(explained)).toEqual([
      ['post_tags', ['tags of a post are as public as the post']],
      ['posts', ['published posts are public']],
      ['tags', ['tags are public']],
    ]);
    expect(explained.tables[1]?.policies[0]?.using).toBe('published');
  });

  test('shows the functions that are called, and the tables that they read', async () => {
    const explained = await explain({ target: '/rest/v1/rpc/count_posts_by_tag' });
    expect(explained.functions[0]?.definition).toContain('count_posts_by_tag()');
    expect(policiesOf(explained).map(([name]) => name)).toEqual(['post_tags', 'tags']);
  });

  test('shows it as it is for the caller that the described request names', async () => {
    const authorization = `Bearer ${ready.serviceKey}`;
    const explained = await explain({ target: '/rest/v1/posts', headers: { Authorization: authorization } });
    expect(explained).toMatchObject({ role: 'service_role', exempt: true });
  });

  test('shows the policies of a write, and writes nothing', async () => {
    const headers = { apikey: ready.serviceKey, 'Content-Type': 'application/json' };
    const explained = await explain({
      method: 'POST',
      target: '/rest/v1/tags',
      headers,
      body: '{"name":"explained"}',
    });
    expect(explained.statements.at(-1)?.text).toContain('INSERT INTO "public"."tags"');
    expect(await (await fetch(`${ready.rest}/tags?name=eq.explained`)).json()).toEqual([]);
  });

  test('answers problem details to who asks for them, wherever the error comes from', async () => {
    for (const [path, status, code] of [
      ['/rest/v1/posts/0', 404, 'ASH404'],
      ['/rest/v1/postz', 404, 'PGRST205'],
      ['/rest/v1/posts?id=noop.1', 400, 'PGRST100'],
    ] as const) {
      const answer = await fetch(`${ready.url}${path}`, {
        headers: { accept: 'application/problem+json, */*' },
      });
      expect(answer.headers.get('content-type'), path).toBe('application/problem+json');
      const details = (await answer.json()) as { readonly type: string };
      expect(details, path).toMatchObject({
        status,
        code,
        instance: expect.stringContaining(answer.headers.get('x-request-id') as string),
      });
      const page = await fetch(new URL(details.type, ready.url));
      expect(page.status, details.type).toBe(200);
      expect(await page.text()).toContain(`id="${code}"`);
      expect((await fetch(`${ready.url}${path}`)).headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  test('shows the steps of a batch, each with its statements', async () => {
    const steps = [
      { method: 'POST', path: '/comments', body: { post_id: 7, body: 'In a batch' } },
      { method: 'GET', path: '/posts/7?select=title' },
    ];
    const described = ['POST /rest/v1/$batch', folder, '-d', JSON.stringify(steps)];
    const explaining = startProgram(['explain', ...described]);
    expect(await explaining.exited).toMatchObject({ code: 0 });
    const [first, second, ...others] = explaining
      .out()
      .split(/^Step \d$/m)
      .slice(1);
    expect(first).toContain('INSERT INTO "public"."comments"');
    expect(second).toContain('FROM "public"."posts"');
    expect(others).toEqual([]);
    const found = await fetch(`${ready.rest}/comments?body=eq.In a batch`);
    expect(await found.json()).toEqual([]);
  });

  test('tells of a request that would be refused what it would be told', async () => {
    const answer = await send(JSON.stringify({ target: '/rest/v1/postz' }));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'PGRST205' });
  });

  test.each([
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"target":"/docs"}',
    '{"target":7}',
    '{"target":"/rest/v1/posts","headers":{"a":1}}',
    '{"target":"/rest/v1/posts","body":{}}',
  ])('refuses what describes no request: %s', async (body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ hint: expect.stringContaining('"target"') });
  });

  test('lets no script of another site read the answer', async () => {
    const answer = await fetch(`${ready.url}/dev/explain`, {
      method: 'POST',
      headers: { origin: 'http://other.example' },
      body: '{"target":"/rest/v1/posts"}',
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${ready.url}/dev/explain`)).status).toBe(405);
  });
});
