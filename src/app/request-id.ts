import { randomUUID } from 'node:crypto';

/** The header by which a request is known along its whole way, in the answer and in every log. */
export const requestIdHeader = 'X-Request-Id';

/** What a proxy may call a request. Anything else could be meant to confuse who reads the log. */
const wellFormed = /^[\w.:=+/@~-]{1,128}$/;

/** The id that came, if it is well-formed; else a new one. */
export const takeRequestId = (came: string | undefined): string =>
  came !== undefined && wellFormed.test(came) ? came : randomUUID();
