import type { Observe } from '../base/index.ts';
import type { KeyRing } from './key-ring.ts';
import { type Key, type KeyRules, readPublicSet } from './keys.ts';
import { noKeys } from './refusals.ts';
import { UnusableSetting } from './unusable-setting.ts';

export type RemoteKeysOptions = {
  readonly url: string;
  readonly rules: KeyRules;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly observe: Observe;
  /** Called before the keys become others. */
  readonly onChange: () => void;
};

/** Keys older than this are fetched anew, while those at hand go on. */
const MAX_AGE = 600_000;
/** An unknown key makes us look at most this often, so that forged tokens do not become requests. */
const COOLDOWN = 30_000;
/** After a failure we look again after this long. */
const RETRY = 5_000;
const TIMEOUT = 5_000;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const parseUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UnusableSetting('keys', 'The address of the JWK set is not an https: URL.');
  if (url.username !== '' || url.password !== '')
    throw new UnusableSetting('keys', 'The address of the JWK set holds a password, which is not supported.');
  return url;
};

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed" and keeps the reason in the cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
};

const fetchText = async (url: URL): Promise<string> => {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status === 200) return await response.text();
  await response.body?.cancel();
  throw new Error(`The answer was ${response.status}, not 200.`);
};

/**
 * The keys of a JWK set at an address (RFC 7517 section 5). They are fetched when the first token
 * comes, once more when they have grown old, and when a token names a key that is not among them. While
 * the address does not answer, the keys at hand stay good.
 */
export class RemoteKeys implements KeyRing {
  readonly #options: RemoteKeysOptions;
  readonly #url: URL;
  /** The address for the log: without a query, which could hold a secret. */
  readonly #name: string;
  #keys: readonly Key[] | undefined;
  #text = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #failure: string | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
    this.#url = parseUrl(options.url);
    this.#name = `${this.#url.origin}${this.#url.pathname}`;
    if (this.#url.protocol === 'http:' && !LOOPBACK.has(this.#url.hostname))
      options.observe({
        level: 'warn',
        name: 'credentials.keys-in-the-clear',
        message: `The keys are fetched from ${this.#name} without encryption: whoever sits in between can put in their own. Use https.`,
      });
  }

  get dueAt(): number {
    return this.#lookedAt + (this.#failure === undefined ? MAX_AGE : RETRY);
  }

  get(): readonly Key[] | Promise<readonly Key[]> {
    if (this.#keys === undefined) return this.renew();
    if (this.#options.clock() >= this.dueAt) void this.#look();
    return this.#keys;
  }

  async renew(): Promise<readonly Key[]> {
    const wait = this.#failure === undefined ? COOLDOWN : RETRY;
    if (this.#looking !== undefined || this.#options.clock() - this.#lookedAt >= wait) await this.#look();
    // Why is for the log alone: the reason names hosts of ours.
    if (this.#keys === undefined)
      throw noKeys('The keys could not be fetched. The server log has the reason.');
    return this.#keys;
  }

  /** One look at a time, which never rejects. */
  #look(): Promise<void> {
    this.#looking ??= this.#fetch().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #fetch(): Promise<void> {
    const { rules, clock, observe, onChange } = this.#options;
    this.#lookedAt = clock();
    try {
      const text = await fetchText(this.#url);
      this.#failure = undefined;
      if (text === this.#text) return;
      const keys = readPublicSet(text, rules);
      if (this.#keys !== undefined) onChange();
      this.#keys = keys;
      this.#text = text;
      observe({
        level: 'info',
        name: 'credentials.keys-fetched',
        message: `Fetched the keys of tokens from ${this.#name}.`,
        fields: { keys: keys.length },
      });
    } catch (error) {
      this.#failure = explain(error);
      observe({
        level: 'warn',
        name: 'credentials.keys-not-fetched',
        message: `Could not fetch the keys of tokens from ${this.#name}: ${this.#failure}`,
        fields: { kept: this.#keys?.length ?? 0 },
      });
    }
  }
}
