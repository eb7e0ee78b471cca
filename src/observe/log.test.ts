import { describe, expect, test } from 'vitest';
import type { Observation } from '../base/index.ts';
import { type LogOptions, logLevels, openLog } from './index.ts';

const time = new Date('2026-11-25T23:00:01.002Z');
const listening: Observation = {
  level: 'info',
  name: 'app.listening',
  message: 'listening',
  fields: { port: 4000, url: 'http://a' },
};

const tell = (observation: Observation, options: Partial<LogOptions> = {}): string => {
  let told = '';
  const log = openLog({
    level: 'info',
    format: 'json',
    write: (line) => {
      told += line;
    },
    clock: () => time,
    ...options,
  });
  log.observe(observation);
  return told;
};

describe('the log as JSON', () => {
  test('has a line for each observation, with its fields', () => {
    expect(tell(listening)).toBe(
      `{"level":"info","time":"2026-11-25T23:00:01.002Z","pid":${process.pid},"event":"app.listening","port":4000,"url":"http://a","message":"listening"}\n`,
    );
  });

  test('stays one line, whatever the text', () => {
    const told = tell({ ...listening, message: 'a\nb\u001b[31m"' });
    expect(told.match(/\n/g)).toHaveLength(1);
    expect(told).not.toContain('\u001b');
    expect(JSON.parse(told)).toMatchObject({ message: 'a\nb\u001b[31m"' });
  });
});

describe('the log as text', () => {
  test('has the time, the level, the message and the fields', () => {
    expect(tell(listening, { format: 'text' })).toBe('23:00:01.002 info  listening port=4000 url=http://a\n');
  });

  test('does not say twice what the message says', () => {
    const answered = {
      ...listening,
      message: 'GET /a 200',
      fields: { method: 'GET', status: 200, bytes: 2 },
    };
    expect(tell(answered, { format: 'text' })).toBe('23:00:01.002 info  GET /a 200 bytes=2\n');
  });

  test('shows control characters instead of sending them to the terminal', () => {
    const hostile = { ...listening, message: 'a\u001b[2J\rb', fields: { path: '/x\n\u001b]0;' } };
    expect(tell(hostile, { format: 'text' })).toBe(
      '23:00:01.002 info  a\\x1b[2J\\x0db path="/x\\n\\u001b]0;"\n',
    );
  });

  test('has colours where they are wanted', () => {
    expect(tell(listening, { format: 'text', color: true })).toContain('\u001b[32minfo ');
  });
});

test.each(logLevels)('the level %s tells what is as grave, or graver', (level) => {
  const levels = ['debug', 'info', 'warn', 'error'] as const;
  for (const format of ['json', 'text'] as const) {
    const told = levels.filter((of) => tell({ ...listening, level: of }, { level, format }) !== '');
    expect(told).toEqual(level === 'silent' ? [] : levels.slice(levels.indexOf(level)));
  }
});
