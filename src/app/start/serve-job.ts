import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionError } from '../../db/index.ts';
import type { Log } from '../../observe/index.ts';
import { findAddress } from '../database-address.ts';
import { LINGER_MS } from '../drain.ts';
import { openProject } from '../project/open-project.ts';
import { projectServeOptions } from '../project/project-serve-options.ts';
import { openProjectSite } from '../project/project-site.ts';
import { serveConnections } from '../server.ts';
import type { WorkerDatabase, WorkerJob } from './worker-message.ts';

/** A job that is being done. */
export type WorkerServer = {
  /** Resolves when requests can be answered; until then they get 503. */
  readonly ready: Promise<void>;
  readonly take: (socket: Socket) => void;
  /** Answers what is under way, and closes. */
  readonly close: () => Promise<void>;
};

const pauseMs = 250;

const connectTo = async (database: WorkerDatabase) =>
  database.kind === 'url' ? findAddress(database.url, process.env, 'dbUrl') : database.login;

/** Does a worker's job: serves a project on connections that are given to it. */
export const serveJob = async (job: WorkerJob, log: Log): Promise<WorkerServer> => {
  const { values, listening } = job;
  const project = openProject({
    title: job.title,
    connect: await connectTo(job.database),
    keys: job.keys,
    values,
    txEnd: 'commit',
    // What service_role may is not for the public.
    documentedRoles: ['anon', 'authenticated'],
    listening: () => listening,
    site: openProjectSite(job.folder, values),
    observe: log.observe,
  });
  const server = serveConnections(
    projectServeOptions(values, { routes: () => project.routes, isOverloaded: project.isOverloaded }, log),
  );
  let closing = false;

  /** A worker that follows one that has died may find the database away; it waits for it. */
  const start = async (): Promise<void> => {
    for (;;) {
      try {
        return await project.start();
      } catch (error) {
        if (!isConnectionError(error) || closing) throw error;
        log.observe({
          level: 'warn',
          name: 'app.schema-unread',
          message: `the schema could not be read yet: ${error.message}`,
        });
      }
      await pause(pauseMs);
    }
  };

  return {
    ready: start(),
    take: server.take,
    close: async () => {
      closing = true;
      project.stop();
      await server.close(values.shutdownGrace * 1000, LINGER_MS);
      await project.close();
    },
  };
};
