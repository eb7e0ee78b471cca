/**
 * By hand: Fastify and pg, with prepared statements and tokens that are verified once. As `plain` the
 * handler writes the policy into its WHERE; as `switch` it takes the caller's role in a transaction and
 * leaves the policy to Postgres.
 */
import Fastify from 'fastify';
import { jwtVerify } from 'jose';
import pg from 'pg';
import { readTask, tellReady } from './task.ts';

const { connect, secret } = readTask();
const switches = process.argv[2] === 'switch';
const key = new TextEncoder().encode(secret);
const { host, port, user, password, database } = connect;
const pool = new pg.Pool({ host, port, user, password, database, max: 10, min: 10 });
const app = Fastify();

const seen = new Map<string, { readonly sub: string; readonly claims: string }>();

const identify = async (authorization: string | undefined) => {
  if (authorization === undefined) throw new Error('no token');
  const known = seen.get(authorization);
  if (known !== undefined) return known;
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), key);
  const user = { sub: String(payload.sub), claims: JSON.stringify(payload) };
  seen.set(authorization, user);
  return user;
};

const columns = 'id, author_id, title, body';

app.get<{ Params: { id: string } }>('/posts/:id', async (request, reply) => {
  const { sub, claims } = await identify(request.headers.authorization);
  if (!switches) {
    const { rows } = await pool.query({
      name: 'post',
      text: `select ${columns} from posts where id = $1 and (published or owner = $2)`,
      values: [request.params.id, sub],
    });
    if (rows.length === 0) reply.code(404);
    return rows[0] ?? {};
  }
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({
      name: 'switch',
      text: "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)",
      values: [claims],
    });
    const { rows } = await client.query({
      name: 'post',
      text: `select ${columns} from posts where id = $1`,
      values: [request.params.id],
    });
    await client.query('commit');
    if (rows.length === 0) reply.code(404);
    return rows[0] ?? {};
  } finally {
    client.release();
  }
});

await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
tellReady(typeof address === 'object' && address !== null ? address.port : 0);
