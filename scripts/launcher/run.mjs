import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { withFirstOnPath } from './path.mjs';

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// One Ctrl-C arrives several times: from the terminal, and again from npm, which passes it on.
const sameSignalMs = 500;

// npm passes a signal to the shell between it and a script. Debian's shell dies of it and passes nothing on;
// all that a script sees is that it has another parent. Outside of npm that is no reason to stop (`nohup … &`).
const startedByNpm = process.env.npm_lifecycle_event !== undefined;
const watchParentMs = 200;
const parent = process.ppid;

const stopWithParent = new URL('./stop-with-parent.mjs', import.meta.url).href;

/**
 * Runs a Node program with this process's input and output, its Node first on PATH, and waits for its end.
 *
 * A signal sent to this process, to npm above it or to the whole process group reaches the program exactly
 * once: the program leads a group of its own (where the system has them), and this process passes signals on.
 * When npm or this process goes without a chance to do so, the program gets SIGTERM.
 *
 * @param {string} node the Node to run it with
 * @param {readonly string[]} args script and arguments
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [options]
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null, stopped: boolean }>} code is 128 + n when the
 *   program died of signal n; stopped tells that a signal was passed on to it
 */
export function runNode(node, args, options = {}) {
  const ownGroup = process.platform !== 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['--import', stopWithParent, ...args], {
      cwd: options.cwd,
      env: { ...withFirstOnPath(dirname(node)), ...options.env },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: ownGroup,
    });

    /** @type {Map<NodeJS.Signals, number>} */
    const last = new Map();
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      const now = Date.now();
      const before = last.get(signal);
      last.set(signal, now);
      // On Windows the console has told the program already.
      if (ownGroup && (before === undefined || now - before > sameSignalMs)) child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, passOn);
    const watch = setInterval(() => {
      if (startedByNpm && process.ppid !== parent && last.size === 0) passOn('SIGTERM');
    }, watchParentMs);
    const stopListening = () => {
      clearInterval(watch);
      for (const signal of forwarded) process.removeListener(signal, passOn);
    };

    child.once('error', (error) => {
      stopListening();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stopListening();
      const died = signal === null ? 1 : 128 + constants.signals[signal];
      resolve({ code: code ?? died, signal, stopped: last.size > 0 });
    });
  });
}
