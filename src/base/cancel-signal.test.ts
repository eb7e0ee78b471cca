import { expect, test } from 'vitest';
import { Cancel, type CancelSignal } from './index.ts';

test.each<readonly [string, () => CancelSignal & { readonly cancel: (reason?: unknown) => void }]>([
  [
    'ours',
    () => {
      const made = new Cancel();
      return Object.assign(made, { cancel: (reason?: unknown) => made.abort(reason) });
    },
  ],
  [
    "the platform's",
    () => {
      const controller = new AbortController();
      return Object.assign(controller.signal, { cancel: (reason?: unknown) => controller.abort(reason) });
    },
  ],
])('a signal (%s) is given once, to those who listen', (_, make) => {
  const signal = make();
  const heard: string[] = [];
  const listen = (name: string) => (): void => void heard.push(name);
  const removed = listen('removed');
  signal.addEventListener('abort', listen('first'), { once: true });
  signal.addEventListener('abort', removed, { once: true });
  const late = listen('removed while others are called');
  signal.addEventListener('abort', () => signal.removeEventListener('abort', late), { once: true });
  signal.addEventListener('abort', late, { once: true });
  signal.addEventListener('abort', listen('last'), { once: true });
  signal.removeEventListener('abort', removed);
  expect(signal.aborted).toBe(false);
  signal.cancel('left');
  signal.cancel('once more');
  expect([signal.aborted, signal.reason]).toEqual([true, 'left']);
  signal.addEventListener('abort', listen('too late'), { once: true });
  expect(heard).toEqual(['first', 'last']);
});

test('a signal that is given without a reason has one', () => {
  const signal = new Cancel();
  signal.abort();
  expect(signal.reason).toMatchObject({ name: 'AbortError' });
});
