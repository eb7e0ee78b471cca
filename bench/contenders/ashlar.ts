/** Ours: the API as `ashlar dev` wires it, on the database of the bench. */
import { keepModel, listen, openApi } from '../../src/app/index.ts';
import { createCredentials } from '../../src/credentials/index.ts';
import { createPool } from '../../src/db/index.ts';
import { readTask, tellReady } from './task.ts';

const { connect, secret } = readTask();
const observe = (observation: { level: string; message: string }): void => {
  if (observation.level === 'error') process.stderr.write(`${observation.message}\n`);
};
const pool = createPool({ connect, max: 10, min: 10 });
const model = keepModel({ source: pool, servingRole: connect.user, schemas: ['public'], observe });
await model.reload();
const credentials = createCredentials({ keys: { kind: 'text', text: secret }, anonymousRole: 'anon' });
const api = openApi({
  pool,
  model,
  identify: (headers) =>
    credentials.identify({ authorization: headers.authorization, apikey: headers.apikey }),
  prefix: '/rest/v1',
  schemas: ['public'],
  extraSearchPath: ['public', 'extensions'],
  anonymousRole: 'anon',
  maxRows: undefined,
  aggregates: false,
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
  observe,
});
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  routes: [api.route],
  cors: { origins: [] },
  maxBody: undefined,
  traceHeader: undefined,
  agent: 'Ashlar',
  onInternalError: (error) => process.stderr.write(`${String(error)}\n`),
});
tellReady(server.port);
