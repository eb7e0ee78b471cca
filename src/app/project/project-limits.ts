import type { PoolOptions } from '../../db/index.ts';
import type { RequestLimits } from '../api.ts';
import type { ServerLimits } from '../door/limits.ts';
import { connectionsForFiles } from '../door/open-files.ts';
import type { SettingValues } from '../settings/settings.ts';

/** What the server takes of clients, as the settings have it. */
export const projectServerLimits = (values: SettingValues): ServerLimits => ({
  head: values.maxHead,
  headers: values.maxHeaders,
  oneHost: true,
  target: values.maxUrl,
  headMs: values.headTimeout * 1000,
  body: values.maxBody,
  bodies: values.maxBodies,
  bodyMs: values.bodyTimeout * 1000,
  pieceMs: values.stallTimeout * 1000,
  connections: values.maxConnections ?? connectionsForFiles(),
});

/** What a request may ask for and send, as the settings have it. */
export const projectRequestLimits = (values: SettingValues): RequestLimits => ({
  query: { filters: values.maxFilters, embeds: values.maxEmbeds },
  payload: {
    body: values.maxBody,
    csv: values.maxCsv,
    jsonDepth: values.maxJsonDepth,
    url: values.maxUrl,
    batchAnswer: values.maxBatchAnswer,
  },
});

/**
 * The connections that serve, as the settings have them. The time of statements is a setting of the session, so that
 * it costs requests nothing; a role's own is set for each of its requests, and wins.
 */
export const projectPoolOptions = (
  values: SettingValues,
  connect: PoolOptions['connect'],
): Pick<PoolOptions, 'connect' | 'max' | 'maxStreams'> => ({
  connect:
    values.statementTimeout === 0
      ? connect
      : {
          ...connect,
          settings: { ...connect.settings, statement_timeout: `${values.statementTimeout}s` },
        },
  max: values.poolSize,
  ...(values.maxStreams === undefined ? {} : { maxStreams: values.maxStreams }),
});
