import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import type { ConnectOptions } from './connect-options.ts';
import { type Embedded, startEmbedded } from './embedded/start-embedded.ts';
import { createPool, type Pool } from './pool.ts';
import type { Statement } from './statement.ts';

const folder = mkdtempSync(join(tmpdir(), 'ashlar-tls-'));
let embedded: Embedded | undefined;
let pool: Pool | undefined;

afterAll(async () => {
  await pool?.close();
  await embedded?.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
});

const keyed = (text: string): Statement => ({ text, key: text, params: [] });

const makeCertificate = (): void => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'server.crt')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
};

const findPort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

/** Starts a Postgres that has a certificate; its files have to be the server's own and private. */
const startWithTls = async (): Promise<ConnectOptions> => {
  const first = await startEmbedded({ folder });
  await first.stop();
  const { uid, gid } = statSync(first.dataDir);
  for (const name of ['server.key', 'server.crt']) {
    execFileSync('install', ['-m', '600', join(folder, name), first.dataDir]);
    chownSync(join(first.dataDir, name), uid, gid);
  }
  const port = await findPort();
  embedded = await startEmbedded({ folder, port, settings: { ssl: 'on' } });
  return { ...embedded.owner, host: '127.0.0.1', port };
};

it('speaks TLS: checks the certificate, passes large rows, cancels and streams', async (context) => {
  try {
    makeCertificate();
  } catch {
    context.skip('no openssl to make a certificate with');
  }
  const plain = await startWithTls();
  const stranger = createPool({ connect: { ...plain, ssl: true }, acquireTimeoutMs: 500 });
  await expect(stranger.run([keyed('select 1')])).rejects.toThrow(/self-signed certificate/);
  await stranger.close();

  pool = createPool({ connect: { ...plain, ssl: { ca: readFileSync(join(folder, 'server.crt')) } }, max: 1 });
  const [tls] = await pool.run([keyed('select ssl from pg_stat_ssl where pid = pg_backend_pid()')]);
  expect(String(tls?.rows[0])).toBe('t');
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => pool?.run([{ ...keyed('select $1::int'), params: [String(i)] }])),
  );
  expect(answers.map((outcomes) => String(outcomes?.[0]?.rows[0]))).toEqual(answers.map((_, i) => String(i)));

  const size = 5_000_000;
  const echo = { ...keyed('select $1::text'), params: ['y'.repeat(size)] };
  const [large] = await pool.run([echo]);
  expect(large?.rows[0]?.[0]?.length).toBe(size);

  const controller = new AbortController();
  const nap = pool.run([keyed('select pg_sleep(20)')], { signal: controller.signal });
  await sleep(100);
  controller.abort(new Error('enough'));
  await expect(nap).rejects.toThrow('enough');
  const begin = performance.now();
  let count = 0;
  await pool.stream([keyed(`select i, repeat('z', 500) from generate_series(1, 20000) i`)], async (rows) => {
    count += rows.length;
    await sleep(1);
  });
  expect(count).toBe(20_000);
  expect(performance.now() - begin).toBeLessThan(15_000);
});
