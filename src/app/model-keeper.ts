import type { Observe } from '../base/index.ts';
import { type CatalogSource, readCatalog } from '../catalog/index.ts';
import type { Pool, Subscription } from '../db/index.ts';
import type { ModelSource, Publication } from '../engine/index.ts';
import { indexModel } from '../model/index.ts';

export type ModelKeeperOptions = {
  readonly source: CatalogSource;
  /** The login that serves, whose rights decide which settings of roles hold. */
  readonly servingRole?: string;
  readonly hoistedSettings?: readonly string[];
  readonly schemas: readonly string[];
  readonly observe: Observe;
};

/** Keeps the latest reading of the database. Requests under way keep the one they began with. */
export type ModelKeeper = ModelSource & {
  /** Reads the catalog now; readers go on with the last reading until it is there. */
  readonly reload: () => Promise<Publication>;
  /**
   * Reloads when `NOTIFY <channel>` says so, and after the ear was deaf for a while. What changes between a reading and
   * this is not heard of, so one listens first.
   */
  readonly listen: (pool: Pool, channel: string) => Promise<Subscription>;
};

/** On which the database tells of changes by itself (`bootstrap/006_reload.sql`). */
export const SCHEMA_CHANNEL = 'ashlar';

/** A burst of changes is read once. */
const SETTLE_MS = 50;
/** The longest pause before a reading that failed is tried again. */
const LONGEST_PAUSE_MS = 5_000;

/** Makes a keeper, empty until its first `reload`. */
export const keepModel = (options: ModelKeeperOptions): ModelKeeper => {
  let current: Publication | undefined;
  let snapshot = 0;
  let running: Promise<Publication> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let listening = 0;
  /** Whether changes are heard of. */
  let follows = false;
  /** Counts what was heard; what was missed while nobody listened counts, too. */
  let heard = 0;
  /** All that was heard by then is in the latest reading. */
  let known = -1;

  const read = async (): Promise<Publication> => {
    const started = performance.now();
    const heardBefore = heard;
    const model = await readCatalog(options.source, {
      ...(options.servingRole === undefined ? {} : { servingRole: options.servingRole }),
      ...(options.hoistedSettings === undefined ? {} : { hoistedSettings: options.hoistedSettings }),
    });
    current = { index: indexModel(model, options.schemas), snapshot: ++snapshot };
    known = heardBefore;
    options.observe({
      level: 'info',
      name: 'app.model-read',
      message: `read the schema: ${model.relations.length} relations, ${model.routines.length} functions`,
      fields: { milliseconds: Math.round(performance.now() - started), snapshot },
    });
    return current;
  };

  /** A reading that has begun may have missed the change that this call is about: one more follows it. */
  const reload = (): Promise<Publication> => {
    const next = (running ?? Promise.resolve()).then(read, read);
    running = next;
    next
      .catch(() => {})
      .finally(() => {
        if (running === next) running = undefined;
      });
    return next;
  };

  const reloadIn = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reload().catch((error) => {
        options.observe({
          level: 'error',
          name: 'app.model-unread',
          message: `the schema could not be read again: ${error instanceof Error ? error.message : error}`,
        });
        // What was heard is not forgotten: until it is read, requests are answered by a schema that may be gone.
        if (listening > 0) reloadIn(Math.min(LONGEST_PAUSE_MS, 2 * delayMs));
      });
    }, delayMs);
  };
  const reloadSoon = (): void => {
    heard++;
    reloadIn(SETTLE_MS);
  };
  const follow = (channel: string, on: boolean): void => {
    if (channel !== SCHEMA_CHANNEL) return;
    follows = on;
    heard++;
  };

  return {
    current: () => current,
    isSettled: () => follows && known === heard,
    reload,
    listen: (pool, channel) =>
      pool
        .listen(channel, reloadSoon, {
          onLost: () => follow(channel, false),
          onReconnect: () => {
            follow(channel, true);
            reloadSoon();
          },
        })
        .then((subscription) => {
          follow(channel, true);
          listening++;
          return {
            close: () => {
              follow(channel, false);
              if (--listening === 0) clearTimeout(timer);
              return subscription.close();
            },
          };
        }),
  };
};
