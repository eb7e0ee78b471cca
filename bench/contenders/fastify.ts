/**
 * By hand: Fastify and pg, with prepared statements and tokens that are verified once. As `plain` each
 * handler writes the policy into its WHERE; as `switch` it takes the caller's role in a transaction and
 * leaves the policy to Postgres.
 */
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { jwtVerify } from 'jose';
import pg from 'pg';
import { readTask, tellReady } from './task.ts';

const { connect, secret } = readTask();
const switches = process.argv[2] === 'switch';
const key = new TextEncoder().encode(secret);
const { host, port, user, password, database } = connect;
const pool = new pg.Pool({ host, port, user, password, database, max: 10, min: 10 });
const app = Fastify({ bodyLimit: 16 * 1024 * 1024 });

type Caller = { readonly sub: string | null; readonly role: string; readonly claims: string };

const nobody: Caller = { sub: null, role: 'anon', claims: '{"role":"anon"}' };
const seen = new Map<string, Caller>();

const identify = async (authorization: string | undefined): Promise<Caller> => {
  if (authorization === undefined) return nobody;
  const known = seen.get(authorization);
  if (known !== undefined) return known;
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), key);
  const caller = { sub: String(payload.sub), role: 'authenticated', claims: JSON.stringify(payload) };
  seen.set(authorization, caller);
  return caller;
};

/** The policies, written by hand: `$2` is the caller. */
const visible = switches ? 'true' : '(p.published or p.owner = $2)';

const rows = (inner: string): string => `select coalesce(json_agg(x), '[]')::text as body from (${inner}) x`;

const list = `p.id, p.title, p.created_at`;
const author = `json_build_object('id', a.id, 'name', a.name) as author`;
const page = `where p.id > $1 and ${visible} order by p.id limit 20`;

const statements = {
  post: `select row_to_json(x)::text as body from (
    select id, author_id, title, body from posts p where id = $1 and ${visible}) x`,
  posts: rows(`select ${list}, ${author} from posts p join authors a on a.id = p.author_id ${page}`),
  'posts-with-comments': rows(`select ${list}, ${author},
    (select coalesce(json_agg(c), '[]') from (
      select id, body from comments where post_id = p.id order by id limit 5) c) as comments
    from posts p join authors a on a.id = p.author_id ${page}`),
  'posts-counted': `select coalesce(json_agg(x), '[]')::text as body,
    (select count(*) from posts p where id >= $1 and id < $1::int + 500 and ${visible}) as total
    from (select ${list} from posts p where id >= $1 and id < $1::int + 500 and ${visible}
      order by created_at desc limit 20) x`,
  insert: `insert into posts (author_id, owner, title, body, published, created_at)
    values ($1, $2, $3, $4, $5, $6)`,
  'insert-many': `insert into posts (author_id, owner, title, body, published, created_at)
    select * from json_to_recordset($1) as _(author_id int, owner uuid, title text, body text,
      published boolean, created_at timestamptz)`,
};

type Name = keyof typeof statements;

/** Runs a statement, in the caller's name if that is how this contender works. */
const run = async (caller: Caller, name: Name, values: readonly unknown[]): Promise<pg.QueryResult> => {
  const query = { name, text: statements[name], values: [...values] };
  if (!switches) return pool.query(query);
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({
      name: 'switch',
      text: "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)",
      values: [caller.role, caller.claims],
    });
    const result = await client.query(query);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
};

const read = async (request: FastifyRequest, reply: FastifyReply, name: Name, first: unknown) => {
  const caller = await identify(request.headers.authorization);
  const { rows: found } = await run(caller, name, switches ? [first] : [first, caller.sub]);
  const [row] = found as { body: string; total?: string }[];
  if (row === undefined) return reply.code(404).send({});
  if (row.total !== undefined) reply.header('Content-Range', `*/${row.total}`);
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(row.body);
};

app.get<{ Params: { id: string } }>('/posts/:id', (request, reply) =>
  read(request, reply, 'post', request.params.id),
);
app.get<{ Querystring: { after: string } }>('/posts', (request, reply) =>
  read(request, reply, 'posts', request.query.after),
);
app.get<{ Querystring: { after: string } }>('/posts-with-comments', (request, reply) =>
  read(request, reply, 'posts-with-comments', request.query.after),
);
app.get<{ Querystring: { from: string } }>('/posts-counted', (request, reply) =>
  read(request, reply, 'posts-counted', request.query.from),
);

type Post = {
  author_id: number;
  owner: string;
  title: string;
  body: string;
  published: boolean;
  created_at: string;
};

app.post<{ Body: Post }>('/posts', async (request, reply) => {
  const caller = await identify(request.headers.authorization);
  const { author_id, owner, title, body, published, created_at } = request.body;
  if (owner !== caller.sub) return reply.code(403).send({});
  await run(caller, 'insert', [author_id, owner, title, body, published, created_at]);
  return reply.code(201).send();
});

app.post<{ Body: readonly Post[] }>('/posts-many', async (request, reply) => {
  const caller = await identify(request.headers.authorization);
  if (request.body.some((post) => post.owner !== caller.sub)) return reply.code(403).send({});
  await run(caller, 'insert-many', [JSON.stringify(request.body)]);
  return reply.code(201).send();
});

await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
tellReady(typeof address === 'object' && address !== null ? address.port : 0);
