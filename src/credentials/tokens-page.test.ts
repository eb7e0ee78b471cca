import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { CompactSign } from 'jose';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../base/index.ts';
import { createCredentials } from './credentials.ts';

const page = readFileSync('docs/reference/tokens.md', 'utf8');
const SECRET = 'a secret of thirty-two characters';

/** The rows of the page's last table: code and message. */
const documented = page
  .slice(page.indexOf('## Errors'))
  .split('\n')
  .flatMap((line) => /^\| `(PGRST\d+)` \| (.+?) \|/.exec(line)?.slice(1, 3).join(' ') ?? []);

const sign = (payload: string, header: object = {}): Promise<string> =>
  new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(Buffer.from(SECRET));

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('docs/reference/tokens.md', () => {
  test('has an example that makes a good token', async () => {
    const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, JWT_SECRET: SECRET },
    });
    const credentials = createCredentials({ keys: { kind: 'text', text: SECRET }, anonymousRole: 'anon' });
    expect(await credentials.identify({ apikey: stdout.trim() })).toMatchObject({ role: 'author' });
  });

  test('lists every error', async () => {
    const keys = { kind: 'text', text: SECRET } as const;
    const normal = createCredentials({ keys, anonymousRole: 'anon', audience: 'me' });
    const strict = createCredentials({ keys, anonymousRole: undefined });
    const keyless = createCredentials({ keys: undefined, anonymousRole: 'anon' });
    const future = Math.floor(Date.now() / 1000) + 3600;
    const refused = [
      keyless.identify.bind(keyless, { apikey: 'a.b.c' }),
      strict.identify.bind(strict, {}),
      normal.identify.bind(normal, { authorization: 'Bearer' }),
      ...[
        '',
        'a.b',
        'a.b.c',
        `${encode({ alg: 'none' })}..`,
        `${encode({ alg: 'HS256' })}.e30.`,
        `${encode({ alg: 'HS256', crit: ['x'] })}.e30.`,
        await sign('[]'),
        await sign('{"exp":1}'),
        await sign(`{"nbf":${future}}`),
        await sign(`{"iat":${future}}`),
        await sign('{"aud":"others"}'),
        await sign('{"role":"none"}'),
        await sign('{"exp":"1"}'),
        await sign('{"aud":1}'),
      ].map((apikey) => normal.identify.bind(normal, { apikey })),
    ];
    const said: string[] = [];
    for (const identify of refused) {
      try {
        await identify();
      } catch (error) {
        if (error instanceof Refusal) said.push(`${error.problem.code} ${error.problem.message}`);
      }
    }
    expect(new Set(said)).toEqual(new Set(documented));
    expect(said).toHaveLength(documented.length);
  });
});
