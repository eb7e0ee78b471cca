import type { Engine } from '../../engine/index.ts';
import { problemOf } from '../../engine/index.ts';

/** Logs the SQL of a request with the status of an answer to it. */
export type LogQuery = (statements: readonly string[], status: number) => void;

/** An engine that has the SQL logged of what it runs (`log-query`). */
export const logQueries = (engine: Engine, log: LogQuery): Engine => ({
  ...engine,
  execute: async (ask, circumstances) => {
    const tell = (status: number): void =>
      log(
        engine.explain(ask, circumstances).statements.map(({ text }) => text),
        status,
      );
    try {
      const done = await engine.execute(ask, circumstances);
      tell(200);
      return done;
    } catch (error) {
      try {
        tell(problemOf(error, false)?.status ?? 500);
      } catch {
        // It was refused before there was any SQL.
      }
      throw error;
    }
  },
});
