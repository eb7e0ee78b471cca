import { describe, expect, test } from 'vitest';
import type { Answered } from '../server.ts';
import { printAnswered } from './access-log.ts';
import { type LogLevel, makeLogger } from './logger.ts';

const time = new Date('2021-07-26T01:56:38Z');
const answered: Answered = {
  id: undefined,
  milliseconds: 1,
  method: 'GET',
  target: '/clients?id=eq.1',
  httpVersion: '1.1',
  headers: { 'user-agent': 'curl/7.64.0' },
  remoteAddress: '::ffff:127.0.0.1',
  status: 200,
  length: 56,
  role: 'anon',
};

describe('a line of the access log', () => {
  test("is in Apache's combined format, with the role", () => {
    expect(printAnswered(answered, time)).toBe(
      '127.0.0.1 - anon [26/Jul/2021:01:56:38 +0000] "GET /clients?id=eq.1 HTTP/1.1" 200 56 "" "curl/7.64.0"',
    );
  });

  test('does without what is not known', () => {
    const { role: _, ...others } = answered;
    const line = printAnswered({ ...others, remoteAddress: undefined, length: undefined, headers: {} }, time);
    expect(line).toBe('unix - - [26/Jul/2021:01:56:38 +0000] "GET /clients?id=eq.1 HTTP/1.1" 200 - "" ""');
  });

  test('cannot be ended by the client', () => {
    const headers = { 'user-agent': 'a"\n127.0.0.1 - admin\\' };
    expect(printAnswered({ ...answered, headers }, time)).toContain('"a\\x22\\x0a127.0.0.1 - admin\\x5c"');
  });
});

describe('the log', () => {
  const hear = (level: LogLevel) => {
    const lines: string[] = [];
    const { observe, announce, onAnswered } = makeLogger(() => level, {
      out: (line) => lines.push(line.replace(/\[.*?\]/, '[]')),
      err: (line) => lines.push(line.replace(/^\S+ \+0000: /, '')),
    });
    announce('started');
    for (const [at, message] of [
      ['error', 'e'],
      ['warn', 'w'],
      ['info', 'i'],
      ['debug', 'd'],
    ] as const)
      observe({ level: at, name: 'test.said', message });
    for (const status of [200, 404, 500]) onAnswered({ ...answered, status, target: '/' });
    return lines.map((line) => /HTTP\/1\.1" (\d+)/.exec(line)?.[1] ?? line);
  };

  test.each<readonly [LogLevel, readonly string[]]>([
    ['crit', ['started']],
    ['error', ['started', 'e', '500']],
    ['warn', ['started', 'e', 'w', '404', '500']],
    ['info', ['started', 'e', 'w', 'i', '200', '404', '500']],
    ['debug', ['started', 'e', 'w', 'i', 'd', '200', '404', '500']],
  ])('at level %s has %j', (level, lines) => expect(hear(level)).toEqual(lines));
});
