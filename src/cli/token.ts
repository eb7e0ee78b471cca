import { loadSettings, makeToken } from '../app/index.ts';
import { type Command, readNumber } from './command.ts';
import { parseClaims } from './parse-claims.ts';

export const token: Command = {
  name: 'token',
  words: '[FOLDER]',
  description:
    'Makes a token that the project\'s server accepts as "Authorization: Bearer": for trying out what a user may do, and for tests. The clocks of who signs a token and of the server may differ by 30 seconds, so one that has expired is still good for that long.',
  options: {
    as: { type: 'string', value: 'ROLE', meaning: 'the role (default: authenticated)' },
    claims: { type: 'string', value: 'JSON', meaning: 'more claims; sub is what auth.uid() gives' },
    expires: { type: 'string', value: 'SECONDS', meaning: 'how long it is good for (default: 3600)' },
    json: { type: 'boolean', meaning: 'print it as {"token": …}' },
  },
  examples: [
    [
      `token=$(ashlar token --claims '{"sub":"5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}')`,
      'a token for a user, to send with: curl … -H "Authorization: Bearer $token"',
    ],
  ],
  maxWords: 1,
  run: async (given, { out }) => {
    const seconds = readNumber('expires', given.text('expires'), 1, 315_360_000) ?? 3600;
    const claims = { ...parseClaims(given.text('claims')), role: given.text('as') ?? 'authenticated' };
    const folder = given.words[0] ?? '.';
    const place = { folder, options: new Map(), environment: process.env };
    const { values } = await loadSettings('dev', place);
    const made = await makeToken(folder, values, claims, seconds);
    out(given.flag('json') ? JSON.stringify({ token: made }) : made);
    return 0;
  },
};
