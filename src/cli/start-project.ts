import {
  explainFailure,
  loadSettings,
  MigrationStopped,
  openServerLog,
  openStart,
  printFailure,
  type StartServer,
} from '../app/start/index.ts';
import { CommandFailure, type Given } from './command.ts';
import { givenSettings } from './setting-options.ts';
import type { Terminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

/** On SIGHUP the workers are replaced, one roll at a time. */
const rollOn = (
  opening: Promise<StartServer>,
  observe: ReturnType<typeof openServerLog>['log']['observe'],
): (() => void) => {
  if (process.platform === 'win32') return () => {};
  // While it starts, a roll waits; where it cannot start, there is nothing to roll.
  let rolling: Promise<unknown> = opening.catch(() => {});
  const roll = async (): Promise<void> => {
    const server = await opening;
    observe({ level: 'info', name: 'app.rolling', message: 'SIGHUP: the workers are replaced' });
    try {
      await server.roll();
      observe({
        level: 'info',
        name: 'app.rolled',
        message: 'the workers were replaced',
        fields: { workers: [...server.workers()] },
      });
    } catch (error) {
      const reason = explainFailure(error) ?? (error instanceof Error ? error.stack : String(error));
      observe({
        level: 'error',
        name: 'app.not-rolled',
        message: `the workers could not be replaced, so those that are there go on: ${reason}`,
      });
    }
  };
  const onHangup = (): void => {
    rolling = rolling.then(roll).catch(() => {});
  };
  process.on('SIGHUP', onHangup);
  return () => process.off('SIGHUP', onHangup);
};

/** `ashlar start` for a project. */
export const startProject = async (given: Given, terminal: Terminal): Promise<number> => {
  const folder = given.words[0] ?? '.';
  const place = { folder, options: givenSettings(given, 'start'), environment: process.env };
  const load = async () => (await loadSettings('start', place)).values;
  const values = await load();
  const { log, flush } = openServerLog(values);
  const { observe } = log;
  const wish = untilStopped(['SIGINT', 'SIGTERM']);
  const opening = openStart({ folder, values, observe, reload: load });
  const stopRolling = rollOn(opening, observe);
  try {
    const first = await Promise.race([opening, wish.stopped]);
    if (typeof first === 'string') {
      // What has begun to start has to be there before it can be stopped.
      await opening.then((server) => server.close()).catch(() => {});
      return 0;
    }
    let lost = false;
    void first.lost.then((reason) => {
      lost = true;
      wish.stop(reason);
    });
    const reason = await wish.stopped;
    observe({ level: lost ? 'error' : 'info', name: 'app.stopping', message: `stopping: ${reason}` });
    await first.close();
    observe({ level: 'info', name: 'app.stopped', message: 'stopped' });
    return lost ? 1 : 0;
  } catch (error) {
    if (!(error instanceof MigrationStopped)) throw error;
    terminal.err(printFailure(error.failure, { color: terminal.color }));
    throw new CommandFailure('A migration could not be applied, so the server was not started.');
  } finally {
    wish.dispose();
    stopRolling();
    flush();
  }
};
