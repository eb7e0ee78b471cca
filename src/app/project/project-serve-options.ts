import { packageVersion } from '../../base/index.ts';
import type { Route } from '../../http/index.ts';
import type { Log } from '../../observe/index.ts';
import { answersTo } from '../door/answers-to.ts';
import { internalError } from '../internal-error.ts';
import type { ServeOptions } from '../server.ts';
import type { SettingValues } from '../settings/settings.ts';
import { answeredObservation } from './answered-observation.ts';
import { projectServerLimits } from './project-limits.ts';
import { agent, errorsPath } from './project-routes.ts';

/** What is served, which comes to be while the server listens already. Looked at anew for each request. */
export type ServedProject = {
  readonly routes: () => readonly Route[];
  readonly isOverloaded: () => boolean;
  /** Whether nothing can be served yet, which is no error then. Default: false. */
  readonly isStarting?: () => boolean;
};

/** How a project's requests are answered: which limits hold, who may call, and what is logged of each. */
export const projectServeOptions = (
  values: SettingValues,
  { routes, isOverloaded, isStarting }: ServedProject,
  log: Log,
): ServeOptions => ({
  get routes() {
    return routes();
  },
  cors: { origins: values.corsOrigins, exposed: ['ETag', 'Last-Modified', 'Retry-After', 'X-Request-Id'] },
  limits: projectServerLimits(values),
  safeguards: {
    answersTo: answersTo(values.allowedHosts),
    isOverloaded,
    transportSecurity: values.hsts,
  },
  traceHeader: undefined,
  agent,
  server: `ashlar/${packageVersion()}`,
  requestIds: true,
  problemDocs: errorsPath,
  onInternalError: (error, id) => log.observe(internalError('app.internal-error', error, id)),
  onAnswered: (answered) => {
    const starting = isStarting?.() === true;
    if (!log.tells(answered.status >= 500 && !starting ? 'error' : 'info')) return;
    const observation = answeredObservation(answered);
    log.observe(starting ? { ...observation, level: 'info' } : observation);
  },
});
