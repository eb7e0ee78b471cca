import { readdirSync, readFileSync } from 'node:fs';

/** The fields of `/proc/<pid>/stat` behind the name, which may have spaces (proc(5)); undefined: it has ended. */
const statOf = (pid: number | string): readonly string[] | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ');
  } catch {
    return undefined;
  }
};

/** Processes whose parent this is. */
export const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(statOf(entry)?.[1]) === pid)
    .map(Number);

/** CPU time of a process so far, in seconds (utime and stime, in ticks of 10 ms). */
export const cpuOf = (pid: number): number => {
  const stat = statOf(pid);
  return stat === undefined ? 0 : (Number(stat[11]) + Number(stat[12])) / 100;
};

/** CPU time of a process and its children, those that have ended among them (cutime, cstime). */
export const cpuOfTree = (pid: number): number => {
  const stat = statOf(pid);
  const ended = stat === undefined ? 0 : (Number(stat[13]) + Number(stat[14])) / 100;
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), cpuOf(pid) + ended);
};

const mebibytes = (pid: number, file: string, field: string): number => {
  try {
    const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(
      readFileSync(`/proc/${pid}/${file}`, 'latin1'),
    );
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** MiB that a process and its children have in memory now. */
export const memoryOf = (pid: number): number =>
  childrenOf(pid).reduce(
    (sum, child) => sum + mebibytes(child, 'status', 'VmRSS'),
    mebibytes(pid, 'status', 'VmRSS'),
  );

/** MiB that a process has had in memory at most. */
export const peakOf = (pid: number): number => mebibytes(pid, 'status', 'VmHWM');

/** MiB of the children's own memory, without what they share (Postgres' buffers): the mean, and the most. */
export const privateOfChildren = (pid: number): { readonly mean: number; readonly most: number } => {
  const all = childrenOf(pid).map((child) => mebibytes(child, 'smaps_rollup', 'Private_Dirty'));
  return {
    mean: all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length),
    most: Math.max(0, ...all),
  };
};
