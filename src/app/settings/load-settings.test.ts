import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Each run is a process of its own: a module is imported once, and its environment is what is tested.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = new URL('../../cli/main.ts', import.meta.url).pathname;

const run = (text: string, env: Readonly<Record<string, string>> = {}) => {
  writeFileSync(join(folder, 'ashlar.config.ts'), text);
  const { PATH } = process.env;
  return spawnSync(process.execPath, [main, 'config', folder, '--json'], {
    env: { PATH, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  });
};

test('a file in TypeScript is read, whether Ashlar is installed beside it or not', () => {
  const { stdout, stderr } = run(
    `
    import { defineConfig, type Config } from 'ashlar';
    const more: Config = { schemas: ['api'] };
    export default defineConfig({ port: Number(process.env.THE_PORT) as number, ...more });
  `,
    { THE_PORT: '8080' },
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    port: { value: 8080, source: 'file', from: join(folder, 'ashlar.config.ts') },
    schemas: { value: ['api'] },
    host: { value: '127.0.0.1', source: 'default' },
  });
});

test('a file that fails is told, with its reason', () => {
  const { status, stderr } = run("throw new Error('not today')");
  expect(status).toBe(1);
  const path = join(folder, 'ashlar.config.ts');
  expect(stderr).toMatch(new RegExp(`^error: ${path} could not be run: not today\n${path}:1:\\d+\n$`));
});

test('a file that cannot be parsed is shown where it went wrong', () => {
  const { status, stderr } = run('export default {\n  port: 4000\n  schemas: [],\n};\n');
  expect(status).toBe(1);
  expect(stderr).toContain(`${join(folder, 'ashlar.config.ts')}:3\n  port: 4000\n  schemas: [],\n`);
});
