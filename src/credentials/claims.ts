import type { Json } from '../base/index.ts';
import { unacceptable } from './refusals.ts';

/** The claims of a token (RFC 7519 section 4): a JSON object. */
export type Claims = { readonly [name: string]: Json };

/** When a token is good, each in seconds since 1970; a claim that is not made is infinitely far away. */
export type Times = {
  readonly expires: number;
  readonly notBefore: number;
  readonly issuedAt: number;
};

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** In the language (ECMAScript 2026) and in Node, but not yet in TypeScript's library. */
const JsonWithSources = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): unknown;
};

/**
 * Keeps a number as it is written where a double would not: claims hold ids of 64 bits and more. Unicode
 * that UTF-8 cannot say is refused, as Postgres could not read it.
 */
const keepSource: Reviver = (key, value, { source }) => {
  const text = typeof value === 'string' ? value : key;
  if (!text.isWellFormed()) throw new SyntaxError('A text has half a surrogate pair.');
  return typeof value === 'number' && source !== undefined && String(value) !== source
    ? JsonWithSources.rawJSON(source)
    : value;
};

const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Claims as they were signed. */
export type Payload = {
  readonly claims: Claims;
  /** The JSON text of the claims with the role put in, numbers as they were written. */
  readonly print: (role: string) => string;
};

/**
 * Reads the payload of a token.
 *
 * @throws Refusal PGRST303 where it is not a JSON object
 */
export const readPayload = (bytes: Uint8Array): Payload => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const claims: unknown = JSON.parse(text);
    const exact = JsonWithSources.parse(text, keepSource);
    // Printed once here, so that what is nested too deeply is found out here.
    JSON.stringify(exact);
    if (isObject(claims) && isObject(exact))
      return { claims, print: (role) => JSON.stringify({ ...exact, role }) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError))
      throw error;
  }
  throw unacceptable('Parsing claims failed');
};

const readTime = (claims: Claims, name: 'exp' | 'nbf' | 'iat', absent: number): number => {
  const time = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (time === undefined || time === null) return absent;
  if (typeof time === 'number') return time;
  throw unacceptable(`The JWT '${name}' claim must be a number`);
};

/** Reads and checks one after the other, so that of several faults the first is told. */
export const checkClaims = (
  claims: Claims,
  audience: string | undefined,
  now: number,
  leeway: number,
): Times => {
  const expires = readTime(claims, 'exp', Number.POSITIVE_INFINITY);
  checkExpires(expires, now, leeway);
  const notBefore = readTime(claims, 'nbf', Number.NEGATIVE_INFINITY);
  checkNotBefore(notBefore, now, leeway);
  const issuedAt = readTime(claims, 'iat', Number.NEGATIVE_INFINITY);
  checkIssuedAt(issuedAt, now, leeway);
  checkAudience(claims, audience);
  return { expires, notBefore, issuedAt };
};

/**
 * Holds the times of a token against the clock.
 *
 * @throws Refusal PGRST303
 */
export const checkTimes = ({ expires, notBefore, issuedAt }: Times, now: number, leeway: number): void => {
  checkExpires(expires, now, leeway);
  checkNotBefore(notBefore, now, leeway);
  checkIssuedAt(issuedAt, now, leeway);
};

const checkExpires = (expires: number, now: number, leeway: number): void => {
  if (now - leeway > expires) throw unacceptable('JWT expired');
};

const checkNotBefore = (notBefore: number, now: number, leeway: number): void => {
  if (now + leeway < notBefore) throw unacceptable('JWT not yet valid');
};

const checkIssuedAt = (issuedAt: number, now: number, leeway: number): void => {
  if (now + leeway < issuedAt) throw unacceptable('JWT issued at future');
};

/** A token for no one in particular is for everyone (RFC 7519 section 4.1.3 leaves it to us). */
const checkAudience = (claims: Claims, wanted: string | undefined): void => {
  const audience = Object.hasOwn(claims, 'aud') ? claims.aud : undefined;
  if (audience === undefined || audience === null) return;
  const named: readonly Json[] = Array.isArray(audience) ? audience : [audience];
  if (named.some((one) => typeof one !== 'string'))
    throw unacceptable("The JWT 'aud' claim must be a string or an array of strings");
  if (wanted === undefined || (Array.isArray(audience) && named.length === 0)) return;
  if (!named.includes(wanted)) throw unacceptable('JWT not in audience');
};
