/**
 * What a server takes of its clients and how long it waits for them. Sizes are in bytes, times in milliseconds;
 * undefined: it is not limited.
 */
export type ServerLimits = {
  /** The line and the headers of a request together (431). */
  readonly head: number;
  /** How many headers a request may have (431). */
  readonly headers: number;
  /** Whether several headers `Host` are refused (RFC 9112, section 3.2), and not the first taken. */
  readonly oneHost: boolean;
  /** The target of a request, which is its path and query (414). */
  readonly target: number;
  /** From the connection, or the end of the request before, until the head is there (408). */
  readonly headMs: number;
  /** A body, where the route says nothing of its own (413). */
  readonly body: number | undefined;
  /** All bodies that are on their way, together (503): they are in memory. */
  readonly bodies: number | undefined;
  /** From the head until the body is there (408). */
  readonly bodyMs: number | undefined;
  /** How long a client may take for a piece of 64 KiB of an answer; who is slower is broken off. */
  readonly pieceMs: number;
  /** How many clients may be connected. With more, those who ask nothing are let go. */
  readonly connections: number | undefined;
};

/** Limits of the native surface. */
export const serverLimits: ServerLimits = {
  head: 64 * 1024,
  headers: 200,
  oneHost: true,
  target: 48 * 1024,
  headMs: 10_000,
  body: 1024 * 1024,
  bodies: 256 * 1024 * 1024,
  bodyMs: 30_000,
  pieceMs: 10_000,
  connections: undefined,
};

/** PostgREST leaves all of it to a proxy but the head, of which its own server takes about as much. */
export const postgrestLimits: ServerLimits = {
  head: 64 * 1024,
  headers: 2_000,
  oneHost: false,
  target: 64 * 1024,
  headMs: 30_000,
  body: undefined,
  bodies: undefined,
  bodyMs: undefined,
  pieceMs: 60_000,
  connections: undefined,
};
