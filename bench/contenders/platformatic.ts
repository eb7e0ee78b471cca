/** Platformatic DB's REST API, without users: its authorization knows no policies of Postgres. */
import { load } from './peer.ts';
import { readTask, tellReady } from './task.ts';

const { connect, tcpPort } = readTask();
const { user, password, database } = connect;
const { create } = await load('@platformatic/db');
// It takes no unix socket.
const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${tcpPort}/${database}`;
const app = await create(process.cwd(), {
  server: { hostname: '127.0.0.1', port: 0, logger: { level: 'error' } },
  db: { connectionString: url, poolSize: 10, openapi: true, graphql: false },
});
await app.start({ listen: true });
tellReady(Number(new URL(app.getUrl?.() ?? app.url).port));
