import { expect, test } from 'vitest';
import { problem, Refusal } from '../base/index.ts';
import { explainRefusedToken } from './explain-refused-token.ts';
import { unacceptable, undecodable } from './refusals.ts';

test.each([
  [undecodable('Expected 3 parts in JWT; got 1'), 'three parts joined by dots'],
  [undecodable('JWT cryptographic operation failed'), 'damaged'],
  [undecodable('No suitable key or wrong key type', 'None of the keys …'), 'signed with another secret'],
  [unacceptable('JWT expired'), 'get a new token'],
])('%s: the hint tells what to do, and nothing else changes', (refusal, hint) => {
  const explained = explainRefusedToken(refusal) as Refusal;
  expect(explained.problem).toEqual({ ...refusal.problem, hint: expect.stringContaining(hint) });
});

test('what is no refusal of a token, or explains itself, stays as it is', () => {
  const others = [
    new Error('JWT expired'),
    new Refusal(problem('PGRST205', { message: 'JWT expired' })),
    new Refusal(problem('PGRST301', { message: 'JWT expired', hint: 'mine' })),
    unacceptable('Parsing claims failed'),
  ];
  for (const error of others) expect(explainRefusedToken(error)).toBe(error);
});
