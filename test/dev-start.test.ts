import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Program, startProgram } from './setup/program.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 90_000 });

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

describe('ashlar dev, at its start,', () => {
  let folder: string;
  const programs: Program[] = [];
  const run = (...args: readonly string[]): Program => {
    const program = startProgram(args);
    programs.push(program);
    return program;
  };
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-start-'));
    mkdirSync(join(folder, 'migrations'));
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('waits for a first migration that fails, says so to requests, and serves when it is mended', async () => {
    write('migrations/001_stars.sql', 'create tabel stars (id int);');
    write('migrations/002.SQL', 'select 1;');
    const port = await freePort();
    const program = run('dev', folder, '--port', String(port));
    await program.said('Nothing is served before this is mended; Ctrl-C stops. Mend the file and save it.');
    expect(program.err()).toContain('migrations/002.SQL is not applied');
    const said = program.err();
    const early = await fetch(`http://127.0.0.1:${port}/rest/v1/stars`);
    expect([early.status, early.headers.get('retry-after'), await early.json()]).toMatchObject([
      503,
      '1',
      { code: 'PGRST002', message: 'The server is starting.', hint: expect.stringContaining('Try again') },
    ]);
    write('migrations/001_stars.sql', 'create table stars (id int); grant select on stars to service_role;');
    await program.said('applied migrations/001_stars.sql');
    expect(program.err().slice(said.length)).not.toMatch(/error|503/);
    await program.said('Ctrl-C stops everything');
    const [, url = ''] = /REST API +(\S+)/.exec(program.out()) ?? [];
    expect((await fetch(`${url}/stars`)).status).toBe(401);
    expect(program.out()).toContain('Try it as service_role, which passes all policies:');
    write('seed.sql', 'insert into starz values (1);');
    write('migrations/003_moons.sql', 'create table moons (id int);');
    await program.said(
      'Applied before it: 003_moons.sql. The API has followed that. Mend the file and save it.',
    );
  });

  test('ends when it is asked to while it waits, and fails at once for a script', async () => {
    write('migrations/001_stars.sql', 'create tabel stars (id int);');
    const program = run('dev', folder, '--port', '0');
    await program.said('Nothing is served before this is mended');
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    const script = run('dev', folder, '--port', '0', '--json');
    expect(await script.exited).toEqual({ code: 1, signal: null });
  });

  test('puts no first rows into a database that "ashlar start" has served', async () => {
    write('migrations/001_stars.sql', 'create table stars (id int); grant select on stars to service_role;');
    write('seed.sql', 'insert into stars values (1);');
    const migrated = run('migrate', folder);
    expect(await migrated.exited).toMatchObject({ code: 0 });
    const before = run('migrate', folder, '--status');
    expect(await before.exited).toMatchObject({ code: 0 });
    expect(before.out()).toMatch(/^ *pending +seed\.sql +run by "ashlar dev" only, once$/m);

    const server = run('start', folder, '--port', '0');
    await server.said('listening on');
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0 });
    const after = run('migrate', folder, '--status');
    expect(await after.exited).toMatchObject({ code: 0 });
    expect(after.out()).toMatch(/^ *skipped +seed\.sql /m);

    const program = run('dev', folder, '--port', '0');
    await program.said('Ctrl-C stops everything');
    expect(program.err()).toContain('seed.sql was not run: "ashlar start" has served this database');
    expect(program.err()).not.toContain('applied seed.sql');
  });
});
