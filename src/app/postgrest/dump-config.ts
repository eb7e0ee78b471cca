import { openSession } from '../../db/index.ts';
import { type PostgrestConfig, printPostgrestConfig } from '../config/postgrest-config.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { checkConfig } from './generation.ts';
import { type ConfigPlace, findDatabase, loadConfig } from './load-config.ts';

/** The configuration that the server would start with, as a file that reads the same. */
export const dumpPostgrestConfig = async (
  place: ConfigPlace,
): Promise<{ readonly text: string; readonly findings: PostgrestConfig['findings'] }> => {
  let config = loadConfig(place);
  if (config.values['db-config']) {
    const session = await openSession(await findDatabase(config, place.environment));
    try {
      config = loadConfig(place, await readDatabaseSettings(session, config.values['db-pre-config']));
    } finally {
      await session.close();
    }
  }
  checkConfig(config);
  return { text: printPostgrestConfig(config), findings: config.findings };
};
