import type { CancelSignal, Identity } from '../base/index.ts';

/** What surrounds one request: who asks, and what functions of the database may want to see of it. */
export type Circumstances = {
  readonly identity: Identity;
  readonly method: string;
  readonly path: string;
  /** Prints `request.headers`, where something may read it: JSON object of lower-case names. */
  readonly headers: () => string;
  /** Prints `request.cookies`: JSON object. */
  readonly cookies: () => string;
  /** The body as the plan binds it: JSON text, text, or bytes. */
  readonly body: string | Uint8Array | undefined;
  /** Arguments that came in a form, by name, in their order. */
  readonly form: ReadonlyMap<string, readonly string[]> | undefined;
  readonly signal?: CancelSignal | undefined;
};
