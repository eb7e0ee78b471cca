import { AppFailure } from '../failure.ts';
import { type ConfigPlace, loadConfig } from './load-config.ts';

/**
 * Asks the admin server of a running server whether it is ready.
 *
 * @returns the address that was asked, and its answer
 * @throws AppFailure where there is nobody to ask
 */
export const askReady = async (
  place: ConfigPlace,
): Promise<{ readonly url: string; readonly ready: boolean }> => {
  const { values } = loadConfig(place);
  const port = values['admin-server-port'];
  if (port === undefined)
    throw new AppFailure('There is no admin server to ask. Give it a port with admin-server-port.');
  const host = values['admin-server-host'] ?? values['server-host'];
  if (/^[*!]/.test(host))
    throw new AppFailure(
      `The admin server listens on all addresses ("${host}"), so which one to ask is not clear. Set server-host or admin-server-host to an address, such as localhost.`,
    );
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return { url, ready: response.ok };
  } catch (error) {
    const reason =
      (error as Error).cause instanceof Error ? ((error as Error).cause as Error).message : String(error);
    throw new AppFailure(`${url} does not answer: ${reason || 'connection refused'}`);
  }
};
