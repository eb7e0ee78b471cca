/** Supabase Lite on Postgres, without its own users and keys. */
import { load } from './peer.ts';
import { readTask, tellReady } from './task.ts';

const { connect, secret } = readTask();
const { user, password, host, port, database } = connect;
const { App } = await load('@supabase/lite');
const { createPostgresConnection } = await load('@supabase/lite', './postgres');
const { serve } = await load('@hono/node-server');

const connection = createPostgresConnection({
  url: `postgres://${user}:${encodeURIComponent(password)}@localhost/${database}`,
  postgresOptions: { host, port, user, password, database, max: 10 },
});
const app = new App({
  connection,
  auth: { enabled: true, jwt_secret: secret },
  options: { server: { apiKeys: false } },
});
serve(
  { port: 0, hostname: '127.0.0.1', fetch: (request: Request) => app.fetch(request) },
  (info: { port: number }) => tellReady(info.port),
);
