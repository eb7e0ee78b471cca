import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Which process is meant, beyond its id, which another process may have by now. Linux tells when a process
 * was started and since which boot that counts; elsewhere only the id is known.
 */
export type ProcessMark = {
  readonly pid: number;
  /** Clock ticks since boot at which it was started, behind the boot's id. */
  readonly start?: string;
  /** The pid namespace (container) in which the id holds. */
  readonly namespace?: string;
};

/** The mark of a process that runs; undefined if there is none (or it is already dead and only not yet reaped). */
export const markProcess = (pid: number): ProcessMark | undefined => {
  if (process.platform !== 'linux') return isRunning(pid) ? { pid } : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; behind it stand the state and, 19 fields on, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { pid, start: `${boot}:${fields[19]}`, namespace: readlinkSync('/proc/self/ns/pid') };
  } catch {
    return undefined;
  }
};

/** Whether the marked process is gone: `unknown` where it may live in another container. */
export const isGone = (mark: ProcessMark): boolean | 'unknown' => {
  const own = markProcess(process.pid);
  if (mark.namespace && own?.namespace && mark.namespace !== own.namespace) {
    const sameBoot = mark.start?.split(':')[0] === own.start?.split(':')[0];
    return sameBoot ? 'unknown' : true;
  }
  const now = markProcess(mark.pid);
  return now === undefined || (mark.start !== undefined && now.start !== mark.start);
};

/** Whether a process of this id runs, ours or not. */
export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
