/**
 * Serves a database as `ashlar start` does, in a process of its own: `node serve-project.ts OPTIONS-AS-JSON`. The
 * first message is the port; each `measure` starts anew and is answered with the bytes of memory now, each `most` with
 * the most there were. What was our own fault goes to standard error.
 */
import { openProject, startingRoute } from '../../src/app/project/open-project.ts';
import { projectServeOptions } from '../../src/app/project/project-serve-options.ts';
import { listen } from '../../src/app/server.ts';
import { withDefaults } from '../../src/app/settings/read-settings.ts';
import type { SettingValues } from '../../src/app/settings/settings.ts';
import type { Observation } from '../../src/base/index.ts';
import type { ConnectOptions } from '../../src/db/index.ts';
import type { Route } from '../../src/http/index.ts';

/** What it is told to serve. */
export type ServeProject = {
  readonly connect: ConnectOptions;
  readonly values: Partial<SettingValues>;
};

const { connect, values: given } = JSON.parse(process.argv[2] ?? '{}') as ServeProject;
const values = withDefaults('start', given);
const log = {
  tells: (level: Observation['level']): boolean => level === 'error',
  observe: ({ name, message }: Observation): void => {
    if (name.endsWith('internal-error')) process.stderr.write(`${message}\n`);
  },
};
let routes: readonly Route[] = [startingRoute];
const project = openProject({
  title: 'door',
  connect,
  keys: {
    keys: { kind: 'text', text: 'not a secret, as nobody signs anything here' },
    secret: undefined,
    signing: undefined,
    anonKey: undefined,
    serviceKey: undefined,
  },
  values,
  txEnd: 'commit-allow-override',
  documentedRoles: ['anon'],
  listening: () => ({ host: '127.0.0.1', port: 0, url: 'http://127.0.0.1' }),
  site: { answer: async () => undefined, hasHome: async () => false },
  observe: log.observe,
});
await project.start();
routes = project.routes;
const server = await listen(
  Object.assign(
    projectServeOptions(values, { routes: () => routes, isOverloaded: project.isOverloaded }, log),
    { host: '127.0.0.1', port: 0 },
  ),
);

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
