import { PostgrestClient } from '@supabase/postgrest-js';

/** A request as it was sent, so that it can be shown and explained. */
export type SentRequest = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
};

/** What the API says when it refuses. */
export type Refused = { readonly message: string; readonly hint: string | null };

/** A client that notes what it sends. */
export const openApi = (onSent: (sent: SentRequest) => void) =>
  new PostgrestClient(`${location.origin}/rest/v1`, {
    fetch: (input, init) => {
      const { pathname, search } = new URL(String(input));
      onSent({ method: init?.method ?? 'GET', target: pathname + search });
      return fetch(input, init);
    },
  });

export type Api = ReturnType<typeof openApi>;

/** A source as it is embedded in what cites it. */
export type Source = {
  readonly id: number;
  readonly title: string;
  readonly publisher: string;
  readonly kind: string;
  readonly url: string | null;
};

/** What PostgREST's client calls a builder: a promise of rows or of an error. */
type Answering = PromiseLike<{
  readonly data: unknown;
  readonly error: { readonly message: string; readonly hint?: string | null } | null;
}>;

/** The rows of an answer; throws what the API refused with. */
export const rowsOf = async <T>(answering: Answering): Promise<T> => {
  const { data, error } = await answering;
  if (error === null) return data as T;
  // Without an answer at all, the client gives fetch's error as text.
  throw Object.assign(new Error(error.message), { hint: error.hint || null } satisfies Partial<Refused>);
};
