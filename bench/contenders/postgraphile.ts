/** PostGraphile, in the callers' roles: its role switch, its claims from the token. */
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';
import { load } from './peer.ts';
import { readTask, tellListening } from './task.ts';

const { connect, secret } = readTask();
const { postgraphile } = await load('postgraphile');
const { PostGraphileAmberPreset } = await load('postgraphile', './presets/amber');
const { makeV4Preset } = await load('postgraphile', './presets/v4');
const { makePgService } = await load('postgraphile', './adaptors/pg');
const { grafserv } = await load('postgraphile', './grafserv/node');

const key = new TextEncoder().encode(secret);
const seen = new Map<string, { role: string; claims: string }>();
const identify = async (authorization: string | undefined) => {
  if (authorization === undefined) return { role: 'anon', claims: '{"role":"anon"}' };
  const known = seen.get(authorization);
  if (known !== undefined) return known;
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), key);
  const caller = { role: String(payload.role), claims: JSON.stringify(payload) };
  seen.set(authorization, caller);
  return caller;
};

const { user, password, host, port, database } = connect;
const preset = {
  extends: [
    PostGraphileAmberPreset,
    makeV4Preset({ simpleCollections: 'omit', ignoreRBAC: true, ignoreIndexes: true }),
  ],
  pgServices: [
    makePgService({
      poolConfig: { user, password, host, port, database, max: 10 },
      schemas: ['public'],
    }),
  ],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: {
    context: async (requestContext: { node?: { req?: { headers: { authorization?: string } } } }) => {
      const { role, claims } = await identify(requestContext.node?.req?.headers.authorization);
      return { pgSettings: { role, 'request.jwt.claims': claims } };
    },
    explain: false,
  },
};

const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(0, '127.0.0.1', () => tellListening(server));
