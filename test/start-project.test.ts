import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { printDbUrl } from '../src/app/dev/print-db-url.ts';
import { withDefaults } from '../src/app/settings/read-settings.ts';
import type { SettingValues } from '../src/app/settings/settings.ts';
import { openStart } from '../src/app/start/open-start.ts';
import { openSession, type Session } from '../src/db/index.ts';
import { keepAsking } from './load/keep-asking.ts';
import { createTestDatabase, installedVersions, type TestDatabase } from './setup/database.ts';
import { type Program, startProgram } from './setup/program.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const patient = { timeout: 20_000, interval: 50 };

const secret = 'Zq3!vK9#mP2$xL7@wN4&rT8*yB5^cF1%';
/** Shutdowns under load, of each kind; `SHUTDOWNS=50` for the number that is promised. */
const shutdowns = Number(process.env.SHUTDOWNS ?? 5);

describe.each(installedVersions())('ashlar start, on Postgres %i', (version) => {
  let database: TestDatabase;
  let session: Session;
  let folder: string;
  let program: Program | undefined;
  const roles: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(version);
    session = await openSession(database.owner);
    folder = mkdtempSync(join(tmpdir(), 'start-project-'));
    mkdirSync(join(folder, 'migrations'));
    writeFileSync(
      join(folder, 'migrations/001_things.sql'),
      `create table public.things (id int primary key, name text);
       alter table public.things enable row level security;
       create policy all_see on public.things for select using (true);
       insert into public.things values (1, 'PRIVATE-VALUE');
       grant select on public.things to anon;
       create function public.break() returns int language plpgsql as $$ begin raise 'PRIVATE-VALUE'; end $$;
       grant execute on function public.break() to anon;`,
    );
  });
  afterEach(() => program?.stop());
  afterAll(async () => {
    for (const role of roles) {
      await session.query(`drop owned by ${role} cascade`).catch(() => {});
      await session.query(`drop role ${role}`).catch(() => {});
    }
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ownerUrl = (): string => printDbUrl(database.owner);
  const loginUrl = (user: string, password = 'pw'): string =>
    printDbUrl({ ...database.owner, user, password });
  /** A login of the cluster, which is dropped at the end. */
  const makeLogin = async (suffix: string, attributes = 'noinherit'): Promise<string> => {
    const name = `login_${database.name}_${suffix}`;
    roles.push(name);
    await session.query(
      `create role ${name} login password 'pw' ${attributes}; grant anon, authenticated, service_role to ${name}`,
    );
    return name;
  };
  const given = (more: Partial<SettingValues> = {}): SettingValues =>
    withDefaults('start', {
      port: 0,
      dbUrl: printDbUrl(database.server),
      adminUrl: ownerUrl(),
      jwtSecret: secret,
      ...more,
    });
  /** What is told in place of starting. */
  const refusal = async (values: SettingValues): Promise<string> => {
    try {
      const server = await openStart({ folder, values, observe: () => {}, reload: async () => values });
      await server.close();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  /** Starts the program, and gives its address when it listens. */
  const start = async (env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) => {
    program = startProgram(['start', folder, '--port', '0', ...args], {
      env: { ASHLAR_DB_URL: printDbUrl(database.server), ASHLAR_JWT_SECRET: secret, ...env },
    });
    await program.said(/"event":"app\.listening"/);
    return /"url":"([^"]+)"/.exec(program.out())?.[1] ?? '';
  };
  const logged = (): readonly Record<string, unknown>[] =>
    (program?.out() ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  // One after the other: the first leaves a database that the others serve.
  test('refuses what was not migrated, and names what is pending', async () => {
    expect(await refusal(given())).toMatch(/1 migration is pending \(001_things\.sql\).*ashlar migrate/s);
    const [row] = await session.query("select to_regclass('public.things') as found");
    expect(row?.found).toBeNull();
  });

  test('with --migrate prepares the database, makes the login that serves where there is none, and serves', async () => {
    const login = `login_${database.name}_made`;
    roles.push(login);
    const url = await start({ ASHLAR_DB_URL: loginUrl(login), ASHLAR_ADMIN_URL: ownerUrl() }, ['--migrate']);
    const response = await fetch(`${url}/rest/v1/things`);
    expect(await response.json()).toEqual([{ id: 1, name: 'PRIVATE-VALUE' }]);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const [row] = await session.query(
      'select rolcanlogin, rolsuper, rolinherit, rolbypassrls from pg_roles where rolname = $1',
      [login],
    );
    expect(row).toEqual({ rolcanlogin: 't', rolsuper: 'f', rolinherit: 'f', rolbypassrls: 'f' });
    program?.child.kill('SIGTERM');
    expect(await program?.exited).toEqual({ code: 0, signal: null });
  });

  test('needs no owner to serve what was migrated, and sees by itself that nothing is pending', async () => {
    await session.query(
      `grant usage on schema ashlar to authenticator; grant select on ashlar.migrations to authenticator;
       grant anon, authenticated, service_role to authenticator`,
    );
    const url = await start();
    expect((await fetch(`${url}/rest/v1/things?select=id`)).status).toBe(200);
    writeFileSync(join(folder, 'migrations/002_more.sql'), 'create table public.more (id int)');
    expect(await refusal(given({ adminUrl: undefined }))).toContain('1 migration is pending (002_more.sql)');
    rmSync(join(folder, 'migrations/002_more.sql'));
  });

  test('without an owner refuses what is open where its own login may not look', async () => {
    const noOwner = given({ adminUrl: undefined });
    await session.query(
      'create schema hidden; grant usage on schema hidden to anon; create table hidden.open (id int); grant select on hidden.open to anon',
    );
    expect(await refusal(noOwner)).toMatch(/hidden\.open is open to anon \(SELECT\)/);
    await session.query('drop schema hidden cascade');
    await session.query('revoke select on pg_catalog.pg_rewrite from public');
    try {
      expect(await refusal(noOwner)).toMatch(
        /catalog may not be read .*pg_rewrite.*grant select on pg_catalog/s,
      );
    } finally {
      await session.query('grant select on pg_catalog.pg_rewrite to public');
    }
  });

  test.each([
    ['a superuser', () => ({ dbUrl: ownerUrl() }), /is a superuser: no policy holds for it.*create role/s],
    ['a secret that is short', () => ({ jwtSecret: 'short' }), /has 5 bytes.*openssl rand -base64 48/s],
    [
      'a secret that everybody knows',
      () => ({ jwtSecret: 'super-secret-jwt-token-with-at-least-32-characters-long' }),
      /stands in a published example/,
    ],
    ['a secret that is a pattern', () => ({ jwtSecret: 'abc'.repeat(20) }), /repeats a few characters/],
    ['an address that is none', () => ({ dbUrl: 'nonsense' }), /database \(dbUrl\) is neither a URI/],
    [
      'two faults at once',
      () => ({ dbUrl: 'nonsense', jwtSecret: undefined }),
      /2 reasons.*neither jwtSecret nor jwksUrl is set.*\(dbUrl\) is neither a URI/s,
    ],
    ['no secret', () => ({ jwtSecret: undefined }), /neither jwtSecret nor jwksUrl is set/],
    [
      'a wrong password',
      () => ({ dbUrl: printDbUrl({ ...database.server, password: 'wrong' }) }),
      /dbUrl cannot be used.*password authentication failed.*Put the password/s,
    ],
    [
      'a database that is not there',
      () => ({ dbUrl: printDbUrl({ ...database.server, database: 'nowhere' }) }),
      /"nowhere" does not exist.*createdb/s,
    ],
    [
      'a database that cannot be reached',
      () => ({ dbUrl: 'postgres://a:b@127.0.0.1:1/c' }),
      /dbUrl cannot be used.*Start the database, or mend dbUrl/s,
    ],
    [
      'migrating without an owner',
      () => ({ migrate: true, adminUrl: undefined }),
      /--migrate needs the login of the owner/,
    ],
    ['an owner without a login that serves', () => ({ dbUrl: undefined }), /Which login serves is not said/],
    ['a role claim that is no path', () => ({ jwtRoleClaim: '$[' }), /jwtRoleClaim cannot be used/],
    [
      'settings of a table that there is not',
      () => ({ cache: { things: 'public' }, requireMatch: ['thins'] }),
      /requireMatch names thins, and there is no such table.*requireMatch probably means things/s,
    ],
    ['keys that are none', () => ({ jwtSecret: '{"keys": [{"kty": "RSA"}]}' }), /jwtSecret cannot be used/],
  ])('refuses %s', async (_what, more, message) => {
    const told = await refusal(given(more()));
    expect(told).toMatch(message);
    expect(told).not.toContain(secret);
  });

  test('refuses a login with BYPASSRLS, and one that may become a superuser', async () => {
    const bypassing = await makeLogin('bypass', 'noinherit bypassrls');
    expect(await refusal(given({ dbUrl: loginUrl(bypassing) }))).toMatch(
      new RegExp(`has BYPASSRLS.*alter role ${bypassing} nobypassrls;`, 's'),
    );
    const member = await makeLogin('member');
    await session.query(`grant ashlar_owner to ${member}`);
    expect(await refusal(given({ dbUrl: loginUrl(member) }))).toMatch(
      new RegExp(`may become a superuser.*revoke .*ashlar_owner.* from ${member};`, 's'),
    );
  });

  test('refuses the owner of what it serves, and one with the rights of the owner', async () => {
    const owner = await makeLogin('owner');
    const heir = await makeLogin('heir', 'inherit');
    await session.query(`grant ${owner} to ${heir}`);
    await session.query(`alter table public.things owner to ${owner}`);
    try {
      expect(await refusal(given({ dbUrl: loginUrl(owner) }))).toMatch(
        /owns what it serves \(things\).*reassign owned/s,
      );
      expect(await refusal(given({ dbUrl: loginUrl(heir) }))).toMatch(
        new RegExp(`has the rights of ${owner}.*revoke ${owner} from ${heir};`, 's'),
      );
      // A token could name the owner as its role.
      await session.query(
        `alter role ${heir} noinherit; revoke ${owner} from ${heir}; grant ${owner} to ${heir}`,
      );
      expect(await refusal(given({ dbUrl: loginUrl(heir) }))).toContain(`revoke ${owner} from ${heir};`);
    } finally {
      await session.query('alter table public.things owner to ashlar_owner');
    }
  });

  test('refuses a login that cannot take the roles of requests, with the grant that mends it', async () => {
    const name = `login_${database.name}_plain`;
    roles.push(name);
    await session.query(`create role ${name} login noinherit password 'pw'`);
    expect(await refusal(given({ dbUrl: loginUrl(name) }))).toContain(
      `grant anon, authenticated, service_role to ${name};`,
    );
  });

  test('refuses a table that is open to all, as ashlar migrate would', async () => {
    await session.query('create table public.bare (id int); grant select on public.bare to anon');
    expect(await refusal(given())).toMatch(/bare.*enable row level security/s);
    await session.query('drop table public.bare');
  });

  test('refuses a port that another has, before it touches the database', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { readonly port: number };
    expect(await refusal(given({ port, dbUrl: 'postgres://a:b@127.0.0.1:1/c' }))).toMatch(
      new RegExp(`Port ${port} is taken`),
    );
    other.close();
  });

  test('is ready when it can answer, closes the documentation unless it is asked for, and logs nothing secret', async () => {
    const url = await start();
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
      status: 'ready',
      schema: 'read',
      database: 'reachable',
    });
    for (const path of ['/docs', '/']) expect((await fetch(`${url}${path}`)).status).toBe(404);
    await fetch(`${url}/rest/v1/things?name=eq.PRIVATE-VALUE`, { headers: { 'X-Request-Id': 'mine-1' } });
    const broken = await fetch(`${url}/rest/v1/rpc/break`, { method: 'POST' });
    expect(broken.status).toBe(400);
    const refused = await fetch(`${url}/rest/v1/things`, {
      headers: { Authorization: 'Bearer PRIVATE-VALUE' },
    });
    expect(await refused.json()).toMatchObject({
      code: 'PGRST301',
      hint: expect.stringContaining('three parts joined by dots'),
    });
    await expect
      .poll(() => logged().filter(({ path }) => path === '/rest/v1/things').length, patient)
      .toBe(2);
    const found = logged().find(({ request }) => request === 'mine-1');
    expect(found).toMatchObject({
      level: 'info',
      event: 'http.answered',
      path: '/rest/v1/things',
      parameters: ['name'],
      status: 200,
      role: 'anon',
    });
    expect(found).not.toHaveProperty('code');
    const codeOf = (wanted: number): unknown => logged().find(({ status }) => status === wanted)?.code;
    expect([codeOf(400), codeOf(401)]).toEqual(['P0001', 'PGRST301']);
    expect(`${program?.out()}${program?.err()}`).not.toMatch(/PRIVATE-VALUE|Zq3!vK9/);
    expect(program?.out()).not.toContain(String(database.server.password));
  });

  test('shows the documentation of what the public may use, where that is wanted', async () => {
    await session.query(
      'create table public.internal (id int); alter table public.internal enable row level security',
    );
    const url = await start({}, ['--docs']);
    const page = await (await fetch(`${url}/docs`)).text();
    expect(page).toContain('id="table-things"');
    expect(page).not.toContain('internal');
    await session.query('drop table public.internal');
  });

  test('replaces a worker that has died, and all of them on SIGHUP, while everybody is answered', async () => {
    const url = await start({}, ['--workers', '2']);
    const pids = (event: string): readonly number[] =>
      (logged().findLast((line) => line.event === event)?.workers ?? []) as number[];
    const first = pids('app.listening');
    expect(first).toHaveLength(2);
    const asked = keepAsking(`${url}/rest/v1/things?select=id`, '[{"id":1}]', { clients: 8 });
    await expect.poll(asked.answered, patient).toBeGreaterThan(20);
    program?.child.kill('SIGHUP');
    await program?.said('"event":"app.rolled"');
    const before = asked.answered();
    await expect.poll(asked.answered, patient).toBeGreaterThan(before + 20);
    await asked.stop();
    expect(asked.dropped).toEqual([]);
    const second = pids('app.rolled');
    expect(second).toHaveLength(2);
    expect(second.filter((pid) => first.includes(pid))).toEqual([]);
    process.kill(second[0] ?? 0, 'SIGKILL');
    await program?.said('"event":"app.worker-replaced"');
    expect((await fetch(`${url}/rest/v1/things`)).status).toBe(200);
  });

  test('goes on with the workers that it has where the new settings are wrong, and takes those that are good', async () => {
    const url = await start();
    const file = join(folder, 'ashlar.config.ts');
    writeFileSync(file, 'export default { prot: 1 }');
    program?.child.kill('SIGHUP');
    await program?.said('"event":"app.not-rolled"');
    expect(program?.out()).toContain('There is no setting prot');
    expect((await fetch(`${url}/rest/v1/things`)).status).toBe(200);
    writeFileSync(file, 'export default { docs: true }');
    program?.child.kill('SIGHUP');
    await program?.said('"event":"app.rolled"');
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    rmSync(file);
  });

  test.each([
    ['connections that are kept', true],
    ['a new connection for each request', false],
  ])('drops no request when it is stopped under load, with %s', async (_what, keepAlive) => {
    for (let run = 0; run < shutdowns; run++) {
      const url = await start();
      const asked = keepAsking(`${url}/rest/v1/things?select=id`, '[{"id":1}]', { keepAlive });
      await expect.poll(asked.answered, patient).toBeGreaterThan(50);
      program?.child.kill('SIGTERM');
      expect(await program?.exited).toEqual({ code: 0, signal: null });
      await asked.stop();
      expect(asked.dropped).toEqual([]);
    }
  });
});

describe('ashlar start with the Postgres that comes along', () => {
  let folder: string;
  let program: Program | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'start-embedded-'));
    mkdirSync(join(folder, 'migrations'));
    writeFileSync(
      join(folder, 'migrations/001_notes.sql'),
      `create table notes (id int primary key); alter table notes enable row level security;
       create policy open on notes for select using (true); insert into notes values (1); grant select on notes to anon;`,
    );
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('makes and keeps a secret, lets other commands at the database, and stops it in the end', async () => {
    program = startProgram(['start', folder, '--port', '0', '--migrate', '--log-format', 'text']);
    await program.said(/listening on http\S+/);
    const url = /listening on (http\S+)/.exec(program.out())?.[1];
    expect(await (await fetch(`${url}/rest/v1/notes`)).json()).toEqual([{ id: 1 }]);
    const status = startProgram(['migrate', folder, '--status']);
    expect(await status.exited).toMatchObject({ code: 0 });
    expect(status.out()).toContain('applied   001_notes.sql');
    const made = startProgram(['token', folder, '--as', 'service_role']);
    await made.exited;
    const seen = await fetch(`${url}/rest/v1/notes`, {
      headers: { Authorization: `Bearer ${made.out().trim()}` },
    });
    expect(seen.status).toBe(200);
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(join(folder, '.ashlar/data/postmaster.pid'))).toBe(false);
  });
});
