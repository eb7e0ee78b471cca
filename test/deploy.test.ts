import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { variableOf } from '../src/app/settings/setting.ts';
import { settingNames } from '../src/app/settings/settings.ts';
import { parseWords } from '../src/cli/parse-words.ts';
import { start } from '../src/cli/start.ts';

// No service manager and no container run here. What can be tested without them is that what the page names is there.
const page = readFileSync('docs/how-to/deploy.md', 'utf8');
const { bin, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const block = (language: string, holding: string): string =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))]
    .map(([, text]) => text ?? '')
    .find((text) => text.includes(holding)) ?? '';
const program = `node_modules/ashlar/${bin.ashlar}`;

describe('docs/how-to/deploy.md', () => {
  test('names only variables that there are', () => {
    const named = new Set([...page.matchAll(/\bASHLAR_[A-Z_]+/g)].map(([name]) => name));
    const known = settingNames.map(variableOf);
    expect(named.size).toBeGreaterThan(4);
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('has a unit that starts the program with words that it knows', () => {
    const unit = block('ini', '[Service]');
    const [, words = ''] = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(unit) ?? [];
    const [path, command, ...others] = words.split(' ');
    expect([path, command]).toEqual([program, 'start']);
    expect(() => parseWords(start, others)).not.toThrow();
    // Otherwise Postgres is asked to end before those whom it serves.
    expect(unit).toContain('KillMode=mixed');
    expect(unit).toContain('ExecReload=/bin/kill -HUP $MAINPID');
  });

  test('has an image of a Node that is new enough, and starts the program', () => {
    const file = block('dockerfile', 'FROM');
    const [, major] = /^FROM node:(\d+)/.exec(file) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number.parseInt(engines.node.replace(/^\D+/, ''), 10));
    const [, json = '[]'] = /^CMD (\[.*\])$/m.exec(file) ?? [];
    expect(JSON.parse(json)).toEqual(['node', program, 'start']);
  });

  test.each([
    [200, 0],
    [503, 1],
  ])('has a health check that takes %i for exit code %i', async (status, code) => {
    const [, json = '[]'] = /HEALTHCHECK .*CMD (\[.*\])$/m.exec(block('dockerfile', 'FROM')) ?? [];
    const [, ...args] = JSON.parse(json) as string[];
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    const child = spawn(
      process.execPath,
      args.map((word) => word.replace(':4000', `:${port}`)),
    );
    expect((await once(child, 'exit'))[0]).toBe(code);
    expect(asked).toEqual(['/health/live']);
    server.close();
  });

  test('has a unit that systemd takes', (ctx) => {
    const { error } = spawnSync('systemd-analyze', ['--version']);
    if (error) ctx.skip('no systemd-analyze');
    const unit = block('ini', '[Service]')
      // What is not on this machine.
      .replace(/^(User|EnvironmentFile|WorkingDirectory)=.*\n/gm, '')
      .replace('/usr/bin/node', process.execPath);
    const { stderr } = spawnSync('systemd-analyze', ['verify', '/dev/stdin:app-api.service'], {
      input: unit,
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line.includes('app-api.service'))).toEqual([]);
  });
});
