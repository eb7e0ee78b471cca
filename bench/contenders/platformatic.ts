/**
 * Platformatic DB's REST API. By itself it knows no users; as `signed` it verifies tokens, and its own rules, which
 * know nothing of Postgres', say the same as the policies of the bench.
 */
import { join } from 'node:path';
import { load } from './peer.ts';
import { readTask, tellReady } from './task.ts';

const { connect, tcpPort, secret } = readTask();
const signed = process.argv[2] === 'signed';
const { user, password, database } = connect;
const { create } = await load('@platformatic/db');
// It takes no unix socket.
const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${tcpPort}/${database}`;
const users = {
  authorization: { roleKey: 'role', anonymousRole: 'anon', jwt: { secret }, rules: [] },
  plugins: { paths: [join(import.meta.dirname, 'platformatic-rules.mjs')] },
};
const app = await create(process.cwd(), {
  server: { hostname: '127.0.0.1', port: 0, logger: { level: 'error' } },
  db: { connectionString: url, poolSize: 10, openapi: true, graphql: false },
  ...(signed ? users : {}),
});
await app.start({ listen: true });
tellReady(Number(new URL(app.getUrl?.() ?? app.url).port));
