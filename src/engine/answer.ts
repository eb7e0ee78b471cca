/**
 * Takes the bytes of a long answer; a promise means that it is busy until then. They are its own from then on;
 * if it calls `release`, their memory is free at once and the bytes are gone.
 */
export type RowSink = (chunk: Buffer, release: () => void) => void | Promise<void>;

/** The body of an answer: whole, or still coming. */
export type AnswerBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** `pump` hands over all of it, in order; it fails if the statement does. */
  | { readonly kind: 'streamed'; readonly pump: (sink: RowSink) => Promise<void> };

/** What Postgres gave for a request, framed. */
export type Answer = {
  readonly body: AnswerBody;
  /** Rows on the page; undefined while they are still coming. */
  readonly rows: number | undefined;
  /** Rows there are beyond the page; undefined where nobody asked, or nobody knows. */
  readonly total: number | undefined;
  /** Rows that were inserted, where a write may insert or update. */
  readonly inserted: number | undefined;
  /** The key of the one row that was inserted, by column. */
  readonly location: readonly (readonly [column: string, value: string | null])[] | undefined;
  /** The version of the one row that the answer is about, as the caller sees it. */
  readonly version?: string;
  /** When that row was changed, in seconds since 1970, where its table tells. */
  readonly modified?: number;
  /** `response.headers` and `response.status`, as functions of the database set them. */
  readonly responseHeaders: string | undefined;
  readonly responseStatus: string | undefined;
};

/** Ends the statement of a streamed answer that will not be sent after all. */
export const discardAnswer = ({ body }: Answer): void => {
  if (body.kind === 'whole') return;
  const refuse = (): never => {
    throw new Error('the answer is not wanted');
  };
  body.pump(refuse).catch(() => {});
};
