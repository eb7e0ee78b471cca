import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSession, type Session } from '../src/db/index.ts';
import { createTestDatabase, installedVersions, type TestDatabase } from './setup/database.ts';
import { type Program, startProgram } from './setup/program.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 90_000 });

const secret = 'a secret of more than thirty-two characters';
/** Other tests keep the machine busy meanwhile. */
const patient = { timeout: 10_000, interval: 50 };

describe.each(installedVersions())('ashlar start as PostgREST, on Postgres %i', (version) => {
  let database: TestDatabase;
  let session: Session;
  let folder: string;
  let program: Program | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'start-'));
    database = await createTestDatabase(version);
    session = await openSession(database.owner);
    await session.query(`
      do $$ begin create role start_anon; exception when duplicate_object then null; end $$;
      grant start_anon to authenticator;
      grant usage on schema public to start_anon;
      create table public.things (id int primary key, name text);
      insert into public.things values (1, 'one'), (2, 'two');
      grant select on public.things to start_anon;
      create schema other;
      grant usage on schema other to start_anon;
      create table other.secrets (id int primary key);
      grant select on other.secrets to start_anon;
      create function public.setting(name text) returns text language sql stable
        as $$ select current_setting(name, true) $$;
      create function public.configure() returns void language plpgsql as $$
        begin
          perform set_config('pgrst.db_max_rows', '1', true), set_config('pgrst.db_schemas', 'other', true);
        end $$;
    `);
  });
  afterEach(() => program?.stop());
  afterAll(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const uri = (): string => {
    const { host, port, user, password, database: name } = database.server;
    return `postgresql://${user}:${encodeURIComponent(password as string)}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  };

  /** Starts the server on a free port, and gives its address when it listens. */
  const start = async (
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<string> => {
    program = startProgram(['start', '--postgrest', ...args], {
      env: {
        PGRST_DB_URI: uri(),
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: '0',
        PGRST_DB_ANON_ROLE: 'start_anon',
        ...env,
      },
    });
    await program.said(/Listening on \S+\.\n/);
    const [, address] = /Listening on (\S+)\.\n/.exec(program.err()) ?? [];
    return `http://${address}`;
  };

  const get = async (url: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url, { headers });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  test('serves at the root, writes nothing into the database, and ends in order', async () => {
    const url = await start({});
    expect(await get(`${url}/things?id=eq.1`)).toEqual({ status: 200, body: [{ id: 1, name: 'one' }] });
    const [row] = await session.query(
      "select count(*) from pg_namespace where nspname in ('ashlar', 'auth')",
    );
    expect(row?.count).toBe('0');
    await program?.said('Open, with nothing that keeps their rows apart: public.things.');
    program?.child.kill('SIGTERM');
    expect(await program?.exited).toEqual({ code: 0, signal: null });
  });

  test('reads the schema again when it is notified, and on SIGUSR1', async () => {
    const url = await start({});
    await program?.said('Listening to notifications');
    await session.query(
      "create table public.more (id int); grant select on public.more to start_anon; notify pgrst, 'reload schema'",
    );
    await expect.poll(() => get(`${url}/more`), patient).toEqual({ status: 200, body: [] });
    await session.query(
      'drop table public.more; create table public.most (id int); grant select on public.most to start_anon',
    );
    expect(await get(`${url}/most`)).toMatchObject({ status: 404 });
    program?.child.kill('SIGUSR1');
    await expect.poll(() => get(`${url}/most`), patient).toEqual({ status: 200, body: [] });
    await session.query('drop table public.most');
  });

  test('reads the configuration of file and database again when it is notified, and on SIGUSR2', async () => {
    const file = join(folder, 'reload.conf');
    writeFileSync(file, 'db-max-rows = 1\nserver-port = 0');
    const url = await start({}, [file]);
    await program?.said('Listening to notifications');
    expect(await get(`${url}/things?select=id`)).toMatchObject({ body: [{ id: 1 }] });
    writeFileSync(file, 'db-max-rows = 2\nserver-port = 1');
    program?.child.kill('SIGUSR2');
    await expect
      .poll(() => get(`${url}/things?select=id`), patient)
      .toMatchObject({ body: [{ id: 1 }, { id: 2 }] });

    await session.query(
      `alter role authenticator in database "${database.name}" set pgrst.db_schemas = 'other'; notify pgrst, 'reload config'`,
    );
    await expect.poll(() => get(`${url}/secrets`), patient).toEqual({ status: 200, body: [] });
    expect(await get(`${url}/things`)).toMatchObject({ status: 404 });

    writeFileSync(file, 'log-level = "never"');
    program?.child.kill('SIGUSR2');
    await program?.said(/could not be read again, so the last one holds: log-level cannot be "never"/);
    expect(await get(`${url}/secrets`)).toEqual({ status: 200, body: [] });
    await session.query(`alter role authenticator in database "${database.name}" reset pgrst.db_schemas`);
  });

  test('reads with the configuration what a role sets for its transactions', async () => {
    const url = await start({});
    await program?.said('Listening to notifications');
    const memory = `${url}/rpc/setting?name=work_mem`;
    expect(await get(memory)).toEqual({ status: 200, body: '4MB' });
    await session.query("alter role start_anon set work_mem = '7MB'; notify pgrst, 'reload config'");
    await expect.poll(() => get(memory), patient).toEqual({ status: 200, body: '7MB' });
    await session.query('alter role start_anon reset work_mem');
  });

  test('takes settings from a function of the database, unless that is switched off', async () => {
    const env = { PGRST_DB_PRE_CONFIG: 'public.configure' };
    const url = await start(env);
    expect(await get(`${url}/secrets`)).toMatchObject({ status: 200 });
    await program?.stop();
    const other = await start({ ...env, PGRST_DB_CONFIG: 'false' });
    expect(await get(`${other}/things`)).toMatchObject({ status: 200 });
    await program?.stop();
    await start({ PGRST_DB_PRE_CONFIG: 'select' });
    expect(program?.err()).toContain(
      'The settings of the database could not be read: function select() does not exist',
    );
  });

  // The rest does not depend on the version of Postgres.
  if (version !== 18) return;

  test('takes its settings from a file, and from the environment before that', async () => {
    const file = join(folder, 'postgrest.conf');
    writeFileSync(
      file,
      'db-uri = "nowhere"\ndb-max-rows = 1\napp.settings.a = "from $(WHERE)"\nlog-level = "info"\nserver-prot = 1',
    );
    program = startProgram(['start', file], {
      env: {
        PGRST_DB_URI: uri(),
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: '0',
        PGRST_DB_ANON_ROLE: 'start_anon',
        WHERE: 'here',
      },
    });
    await program.said(/Listening on/);
    const url = `http://${/Listening on (\S+)\.\n/.exec(program.err())?.[1]}`;
    expect(await get(`${url}/things`)).toEqual({ status: 200, body: [{ id: 1, name: 'one' }] });
    expect(await get(`${url}/rpc/setting?name=app.settings.a`)).toEqual({ status: 200, body: 'from here' });
    expect(program.err()).toContain(
      'There is no setting server-prot, so it is left out. Did you mean server-port?',
    );
    await program.said(/^127\.0\.0\.1 - start_anon \[.*\] "GET \/things HTTP\/1\.1" 200 /m);
  });

  test('ends in order while it reads the schema anew, and cannot', async () => {
    await start({});
    await program?.said('Listening to notifications');
    const locking = await openSession(database.owner);
    await locking.query('begin; lock table pg_catalog.pg_description in access exclusive mode');
    await session.query('notify ashlar');
    await expect
      .poll(() => session.query('select 1 from pg_locks where not granted'), patient)
      .not.toEqual([]);
    program?.child.kill('SIGTERM');
    expect(await program?.exited).toEqual({ code: 0, signal: null });
    await locking.close();
  });

  test('waits for a database that is not there yet, and can be stopped meanwhile', async () => {
    program = startProgram(['start', '--postgrest'], {
      env: { PGRST_DB_URI: `host=${folder} user=me dbname=app`, PGRST_SERVER_PORT: '0' },
    });
    await program.said('The next try is in 2 s.');
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });

  test('logs the SQL of requests where that is asked for', async () => {
    const url = await start({ PGRST_LOG_QUERY: 'true', PGRST_LOG_LEVEL: 'warn' });
    await get(`${url}/things?select=id`);
    await get(`${url}/things?id=eq.x`);
    await program?.said('WHERE "things"."id" =');
    expect(program?.err()).not.toContain('SELECT "things"."id"');
  });

  test('reads secrets from files', async () => {
    const file = join(folder, 'secret');
    writeFileSync(file, `${Buffer.from(secret).toString('base64url')}\n`);
    const uriFile = join(folder, 'uri');
    writeFileSync(uriFile, `${uri()}\n`);
    const url = await start({
      PGRST_JWT_SECRET: `@${file}`,
      PGRST_JWT_SECRET_IS_BASE64: 'true',
      PGRST_DB_URI: `@${uriFile}`,
    });
    const { signToken } = await import('../src/credentials/index.ts');
    const token = await signToken(secret, { role: 'start_anon', sub: '7' });
    const claims = `${url}/rpc/setting?name=request.jwt.claims`;
    expect(await get(claims, { authorization: `Bearer ${token}` })).toEqual({
      status: 200,
      body: '{"role":"start_anon","sub":"7"}',
    });
    expect(await get(claims, { authorization: `Bearer ${token}x` })).toMatchObject({ status: 401 });
  });

  test('has an admin server that tells how it is', async () => {
    const socket = join(folder, 'admin.sock');
    await start({ PGRST_ADMIN_SERVER_UNIX_SOCKET: socket });
    const ask = (path: string) =>
      new Promise((resolve, reject) => {
        httpRequest({ socketPath: socket, path }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve([response.statusCode, Buffer.concat(chunks).toString()]));
        })
          .on('error', reject)
          .end();
      });
    expect(await ask('/live')).toEqual([200, '']);
    expect(await ask('/ready')).toEqual([200, '']);
    const [, metrics] = (await ask('/metrics')) as [number, string];
    for (const metric of ['db_pool_max 10', 'db_pool_timeouts_total 0', 'jwt_cache_evictions_total 0'])
      expect(metrics).toContain(`\npgrst_${metric}\n`);
    expect(await ask('/schema_cache')).toEqual([200, expect.stringContaining('"things"')]);
    expect(await ask('/')).toEqual([404, '']);
  });

  test('prints the configuration that holds', async () => {
    program = startProgram(['start', '--postgrest', '--dump-config'], {
      env: { PGRST_DB_URI: uri(), PGRST_DB_PRE_CONFIG: 'public.configure', PGRST_DB_ANON_ROLE: 'start_anon' },
    });
    expect(await program.exited).toMatchObject({ code: 0 });
    expect(program.out()).toContain('\ndb-max-rows = 1\n');
    expect(program.out()).toContain('\ndb-schemas = "other"\n');
    expect(program.out()).toContain('\ndb-anon-role = "start_anon"\n');
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['a setting that cannot be', { PGRST_LOG_LEVEL: 'never' }, 'log-level cannot be "never"'],
    ['a short secret', { PGRST_JWT_SECRET: 'short' }, 'The JWT secret must be at least 32 characters long'],
    [
      'a path that is none',
      { PGRST_JWT_ROLE_CLAIM_KEY: '@@.role' },
      'failed to parse role-claim-key value (@@.role)',
    ],
    ['a login that is refused', { PGRST_DB_URI: 'USER' }, 'authentication failed'],
    ['an address that is none', { PGRST_DB_URI: 'nowhere' }, 'is neither a URI'],
  ])('ends with exit code 1 for %s', async (_, env, message) => {
    const given =
      env.PGRST_DB_URI === 'USER' ? uri().replace(/:[^:@]*@/, ':wrong@') : (env.PGRST_DB_URI ?? uri());
    program = startProgram(['start'], { env: { PGRST_SERVER_PORT: '0', ...env, PGRST_DB_URI: given } });
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.err()).toContain(message);
  });
});

test('ashlar start where there is neither a project nor a database says what it takes', async () => {
  const program = startProgram(['start']);
  expect(await program.exited).toMatchObject({ code: 1 });
  expect(program.err()).toMatch(/There are no migrations in .*ashlar new my-app/s);
});
