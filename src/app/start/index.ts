/** A project in production: a door of its own, as a server that runs for long pays for all that it has loaded. */

export { printFailure } from '../../migrate/index.ts';
export { MigrationStopped } from '../dev/prepare-project.ts';
export { explainFailure } from '../failure.ts';
export { openServerLog } from '../process-log.ts';
export { loadSettings } from '../settings/load-settings.ts';
export { openStart, type StartOptions, type StartServer } from './open-start.ts';
