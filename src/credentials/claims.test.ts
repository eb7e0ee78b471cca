import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../base/index.ts';
import { checkClaims, readPayload } from './claims.ts';

const print = (payload: string, role: string): string => readPayload(Buffer.from(payload)).print(role);

describe('the claims that Postgres is told', () => {
  test('are those of the token with the role put in', () => {
    expect(print('{"sub":"7","admin":true}', 'author')).toBe('{"sub":"7","admin":true,"role":"author"}');
    expect(print(' { "role" : "x", "sub": 7 }\n', 'author')).toBe('{"role":"author","sub":7}');
  });

  test.each(['12345678901234567890', '-9223372036854775808', '0.1000', '1e400', '-0', '1E5', '3.0'])(
    'keep the number %s as it was written',
    (number) => {
      expect(print(`{"id":${number},"in":[{"deep":${number}}]}`, 'a')).toBe(
        `{"id":${number},"in":[{"deep":${number}}],"role":"a"}`,
      );
    },
  );

  test('keep names that mean something to the language', () => {
    expect(print('{"__proto__":{"role":"x"},"constructor":1}', 'a')).toBe(
      '{"__proto__":{"role":"x"},"constructor":1,"role":"a"}',
    );
  });

  test('say the same as the payload, but for the role', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
        fc.string(),
        (claims, role) => {
          const text = JSON.stringify(claims);
          expect(JSON.parse(print(text, role))).toEqual({ ...JSON.parse(text), role });
        },
      ),
    );
  });
});

describe('a payload', () => {
  test.each([
    ['[]'],
    ['"text"'],
    ['null'],
    ['12345678901234567890'],
    [''],
    ['{"a":1'],
    ['\ufeff{}'],
    ['{"a":"\\ud800"}'],
    ['{"\\udc00":1}'],
    [`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ])('is refused where it is no object that Postgres could read (%#)', (payload) => {
    expect(() => readPayload(Buffer.from(payload))).toThrow('Parsing claims failed');
  });

  test('is refused where it is not UTF-8', () => {
    expect(() => readPayload(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(Refusal);
  });
});

const NOW = 1_800_000_000;
const check = (claims: Parameters<typeof checkClaims>[0], audience?: string) =>
  checkClaims(claims, audience, NOW, 30);

describe('the claims of a token', () => {
  test.each([
    [{ exp: NOW - 31 }, 'JWT expired'],
    [{ exp: 0 }, 'JWT expired'],
    [{ nbf: NOW + 31 }, 'JWT not yet valid'],
    [{ iat: NOW + 31 }, 'JWT issued at future'],
    [{ exp: 'soon' }, "The JWT 'exp' claim must be a number"],
    [{ nbf: true }, "The JWT 'nbf' claim must be a number"],
    [{ iat: [] }, "The JWT 'iat' claim must be a number"],
    [{ aud: 5 }, "The JWT 'aud' claim must be a string or an array of strings"],
    [{ aud: {} }, "The JWT 'aud' claim must be a string or an array of strings"],
    [{ aud: ['me', null] }, "The JWT 'aud' claim must be a string or an array of strings"],
    [{ aud: 'others' }, 'JWT not in audience'],
    [{ aud: '' }, 'JWT not in audience'],
    [{ aud: ['others', 'ME'] }, 'JWT not in audience'],
    [{ exp: NOW - 31, nbf: 'x', aud: 5 }, 'JWT expired'],
    [{ nbf: NOW + 31, iat: 'x' }, 'JWT not yet valid'],
  ])('%j are refused', (claims, message) => {
    expect(() => check(claims, 'me')).toThrow(message);
  });

  test.each([
    [{}],
    [{ exp: NOW - 30, nbf: NOW + 30, iat: NOW + 30 }],
    [{ exp: null, nbf: null, iat: null, aud: null }],
    [{ exp: NOW + 0.5, iat: NOW - 0.5 }],
    [{ exp: 1e300 }],
    [{ aud: 'me' }],
    [{ aud: ['others', 'me'] }],
    [{ aud: [] }],
  ])('%j are accepted', (claims) => {
    expect(() => check(claims, 'me')).not.toThrow();
  });

  test('may be for any audience where none is wanted, but must name it properly', () => {
    expect(() => check({ aud: 'others' })).not.toThrow();
    expect(() => check({ aud: [5] })).toThrow("The JWT 'aud' claim must be a string or an array of strings");
  });

  test('are refused as PGRST303, with a challenge', () => {
    try {
      check({ exp: 1 });
      expect.unreachable();
    } catch (error) {
      expect((error as Refusal).problem).toEqual({
        code: 'PGRST303',
        status: 401,
        message: 'JWT expired',
        details: null,
        hint: null,
        headers: [['WWW-Authenticate', 'Bearer error="invalid_token", error_description="JWT expired"']],
      });
    }
  });
});
