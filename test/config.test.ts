import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProgram } from './setup/program.ts';

describe('ashlar config', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(
      join(folder, 'ashlar.config.ts'),
      "import { defineConfig } from 'ashlar';\nexport default defineConfig({ schemas: ['api'] as const, poolSize: 3 });\n",
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const program = startProgram(['config', folder, ...args], { env });
    const { code } = await program.exited;
    return { code, out: program.out(), err: program.err() };
  };

  test('tells each value and who set it, and shows no secret', async () => {
    const { code, out } = await run(['--port', '8080'], {
      ASHLAR_POOL_SIZE: '5',
      ASHLAR_ADMIN_URL: 'postgres://owner:PRIVATE@db/app',
    });
    expect(code).toBe(0);
    const row = (name: string): readonly string[] | undefined =>
      out
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/))
        .find(([first]) => first === name);
    expect(row('port')).toEqual(['port', '8080', '--port']);
    expect(row('poolSize')).toEqual(['poolSize', '5', 'ASHLAR_POOL_SIZE']);
    expect(row('schemas')).toEqual(['schemas', 'api', join(folder, 'ashlar.config.ts')]);
    expect(row('adminUrl')).toEqual(['adminUrl', 'postgres://owner:***@db/app', 'ASHLAR_ADMIN_URL']);
    expect(row('corsOrigins')).toEqual(['corsOrigins', '–', 'default']);
    expect(out).not.toContain('PRIVATE');
  });

  test('knows that dev has other defaults', async () => {
    expect(JSON.parse((await run(['--json'])).out).docs).toEqual({ value: false, source: 'default' });
    const { out } = await run(['--json', '--for', 'dev']);
    expect(JSON.parse(out).docs).toEqual({ value: true, source: 'default' });
  });

  test('ends with 1 where a setting cannot be used, and says which', async () => {
    expect(await run([], { ASHLAR_WORKER: '2' })).toEqual({
      code: 1,
      out: '',
      err: 'error: There is no setting for the environment variable ASHLAR_WORKER. Did you mean ASHLAR_WORKERS?\n',
    });
  });
});
