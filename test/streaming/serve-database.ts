/**
 * Serves a database in a process of its own, and tells its parent how much memory it takes: `node
 * serve-database.ts CONNECT-OPTIONS-AS-JSON`. The first message is the port; each `measure` starts anew and is
 * answered with the memory now, each `stop` with the most there was.
 */
import { keepModel, listen, openApi } from '../../src/app/index.ts';
import { ignoreObservations, makeIdentity } from '../../src/base/index.ts';
import { createPool } from '../../src/db/index.ts';

const connect = JSON.parse(process.argv[2] ?? '{}');
const schemas = ['public'];
const pool = createPool({ connect });
const model = keepModel({ source: pool, schemas, observe: ignoreObservations });
await model.reload();
const { route } = openApi({
  pool,
  model,
  identify: () => makeIdentity('anon', '{"role":"anon"}', 'anonymous'),
  prefix: '',
  schemas,
  extraSearchPath: schemas,
  anonymousRole: 'anon',
  maxRows: undefined,
  aggregates: true,
  explain: false,
  legacyTargetNames: false,
  preRequest: undefined,
  appSettings: [],
  txEnd: 'commit',
  describe: undefined,
  rootRoutine: undefined,
  serverTiming: false,
  agent: 'Ashlar',
  version: '0',
  observe: ({ message }) => process.stderr.write(`${message}\n`),
});
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  routes: [route],
  cors: { origins: [] },
  traceHeader: undefined,
  agent: 'Ashlar',
  onInternalError: (error) => process.stderr.write(`${error}\n`),
});

let most = 0;
const look = (): number => {
  const { rss } = process.memoryUsage();
  most = Math.max(most, rss);
  return rss;
};
setInterval(look, 10).unref();

process.on('message', (message) => {
  if (message === 'measure') {
    most = 0;
    process.send?.(look());
  } else if (message === 'most') {
    look();
    process.send?.(most);
  }
});
process.on('disconnect', () => process.exit());
process.send?.(server.port);
