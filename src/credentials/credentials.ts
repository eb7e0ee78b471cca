import { type Identity, ignoreObservations, makeIdentity, type Observe } from '../base/index.ts';
import type { Algorithm } from './algorithm.ts';
import { readBearer } from './bearer.ts';
import { checkClaims, checkTimes, readPayload, type Times } from './claims.ts';
import { fixedKeys, type KeyRing } from './key-ring.ts';
import type { KeySource } from './key-source.ts';
import type { KeyRules } from './keys.ts';
import { anonymousDenied, noKeys, unacceptable, undecodable } from './refusals.ts';
import { RemoteKeys } from './remote-keys.ts';
import { type RoleClaim, readRoleClaim } from './role-claim.ts';
import { TokenCache, type TokenCounts } from './token-cache.ts';
import { verifyToken } from './verify-token.ts';

export type CredentialsSettings = {
  /** What tokens are verified with; undefined: tokens are refused (PGRST300). */
  readonly keys: KeySource | undefined;
  /** The role of those who show nothing, or a token without a role; undefined: they are refused (PGRST302). */
  readonly anonymousRole: string | undefined;
  /** The algorithms that are accepted. Default: those that the keys are for, and HS256 for a plain secret. */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /** The login that serves, which may be no token's role; undefined: nobody knows it. */
  readonly login?: string | undefined;
  /** A token that names its audience must name this one (`aud`). Default: any is accepted. */
  readonly audience?: string | undefined;
  /** Where the claims name the role: a JSONPath, or a path in PostgREST's older syntax. Default: `$.role`. */
  readonly roleClaim?: string | undefined;
  /** How much clocks may differ. Default: 30. */
  readonly leewaySeconds?: number | undefined;
  /** How many verified tokens are remembered. Default: 1000; 0: none. */
  readonly maxEntries?: number | undefined;
  /** Where the use of what is remembered is counted. */
  readonly counts?: TokenCounts | undefined;
  /** Accepts secrets of fewer than 32 bytes. (PostgREST accepts them as a JWK, and refuses them as text.) */
  readonly allowShortSecret?: boolean | undefined;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
  readonly observe?: Observe | undefined;
};

/** What a request shows: the values of its headers `Authorization` and `apikey`. */
export type Shown = {
  readonly authorization?: string | undefined;
  readonly apikey?: string | undefined;
};

export type Credentials = {
  /**
   * Who asks. The token of `Authorization: Bearer` counts, else that of `apikey`. What is known already
   * comes at once, what has to be verified as a promise.
   *
   * @throws Refusal PGRST300, 301, 302 or 303, also as a rejection
   */
  readonly identify: (shown: Shown) => Identity | Promise<Identity>;
};

/** What was found out of a token whose signature is good. */
type Verified = {
  readonly times: Times;
  readonly asToken: Identity;
  readonly asKey: Identity;
};

type Source = 'token' | 'key';

class TokenCredentials implements Credentials {
  readonly #ring: KeyRing | undefined;
  readonly #role: RoleClaim;
  readonly #anonymousRole: string | undefined;
  readonly #anonymous: Identity | undefined;
  readonly #login: string | undefined;
  readonly #audience: string | undefined;
  readonly #leeway: number;
  readonly #clock: () => number;
  readonly #verified: TokenCache<Verified>;
  /** Counts the changes of the keys: what was verified with keys of the past is not remembered. */
  #generation = 0;

  constructor(settings: CredentialsSettings) {
    const { anonymousRole, observe = ignoreObservations, roleClaim = '$.role' } = settings;
    this.#clock = settings.clock ?? Date.now;
    this.#leeway = settings.leewaySeconds ?? 30;
    this.#login = settings.login;
    this.#audience = settings.audience;
    this.#verified = new TokenCache(settings.maxEntries ?? 1000, settings.counts);
    this.#anonymousRole = anonymousRole;
    this.#anonymous =
      anonymousRole === undefined
        ? undefined
        : makeIdentity(anonymousRole, JSON.stringify({ role: anonymousRole }), 'anonymous');
    this.#role = readRoleClaim(roleClaim);
    if (this.#role.legacy)
      observe({
        level: 'warn',
        name: 'credentials.legacy-role-claim',
        message: `The role claim ${roleClaim} is written in the older syntax. Write it as a JSONPath, such as $.role.`,
      });
    this.#ring = this.#makeRing(settings, observe);
  }

  #makeRing(settings: CredentialsSettings, observe: Observe): KeyRing | undefined {
    const { keys, algorithms, allowShortSecret = false } = settings;
    if (keys === undefined) return undefined;
    const rules: KeyRules = { algorithms, allowShortSecret, allowSecrets: keys.kind !== 'url' };
    if (keys.kind !== 'url') return fixedKeys(keys, rules);
    const onChange = () => {
      this.#generation++;
      this.#verified.clear();
    };
    return new RemoteKeys({ url: keys.url, rules, clock: this.#clock, observe, onChange });
  }

  identify = ({ authorization, apikey }: Shown): Identity | Promise<Identity> => {
    const bearer = authorization === undefined ? undefined : readBearer(authorization);
    const token = bearer ?? apikey;
    if (token === undefined) {
      if (this.#anonymous === undefined) throw anonymousDenied();
      return this.#anonymous;
    }
    // Clients of Supabase send their key in both headers.
    const source = token === apikey ? 'key' : 'token';
    const known = this.#verified.get(token);
    if (known === undefined) return this.#verify(token, source);
    return this.#accept(token, known, source);
  };

  #accept(token: string, known: Verified, source: Source): Identity {
    const milliseconds = this.#clock();
    const now = Math.floor(milliseconds / 1000);
    if (now - this.#leeway > known.times.expires) this.#verified.delete(token);
    checkTimes(known.times, now, this.#leeway);
    if (this.#ring !== undefined && milliseconds >= this.#ring.dueAt) void this.#ring.get();
    return source === 'key' ? known.asKey : known.asToken;
  }

  async #verify(token: string, source: Source): Promise<Identity> {
    if (this.#ring === undefined) throw noKeys();
    if (token === '')
      throw undecodable(
        source === 'key' ? 'Empty key is sent in apikey header' : 'Empty JWT is sent in Authorization header',
      );
    const generation = this.#generation;
    const payload = readPayload(await verifyToken(token, this.#ring));
    const now = Math.floor(this.#clock() / 1000);
    const times = checkClaims(payload.claims, this.#audience, now, this.#leeway);
    const role = this.#readRole(payload.claims);
    const claims = payload.print(role);
    const expires = times.expires === Number.POSITIVE_INFINITY ? undefined : times.expires;
    const verified: Verified = {
      times,
      asToken: makeIdentity(role, claims, 'token', expires),
      asKey: makeIdentity(role, claims, 'key', expires),
    };
    if (generation === this.#generation) this.#verified.set(token, verified);
    return source === 'key' ? verified.asKey : verified.asToken;
  }

  #readRole(claims: Parameters<RoleClaim['select']>[0]): string {
    const claim = this.#role.select(claims);
    const role = typeof claim === 'string' ? claim : claim === undefined ? undefined : JSON.stringify(claim);
    // To Postgres this is no name of a role, but means the one that is logged in (SET ROLE).
    if (role === 'none') throw unacceptable('JWT claims are not valid', "The role cannot be 'none'");
    // It stands behind all roles, and has rights of its own, such as those to what is kept for idempotency keys.
    if (role !== undefined && role === this.#login)
      throw unacceptable('JWT claims are not valid', 'The role cannot be the login of the server');
    const taken = role ?? this.#anonymousRole;
    if (taken === undefined) throw anonymousDenied();
    return taken;
  }
}

/**
 * Makes what tells who asks.
 *
 * @throws UnusableSetting where the keys or the path to the role are not good
 * @example
 * const credentials = createCredentials({ keys: { kind: 'text', text: secret }, anonymousRole: 'anon' });
 * const identity = await credentials.identify(request.headers);
 */
export const createCredentials = (settings: CredentialsSettings): Credentials =>
  new TokenCredentials(settings);
