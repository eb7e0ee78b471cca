import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, startScript, type Task } from './contender.ts';

const folder = join(import.meta.dirname, 'peers');

/** Peers are installed when they are asked for, apart from the project. */
const installPeers = (say: (text: string) => void): void => {
  if (existsSync(join(folder, 'node_modules'))) return;
  say('installing the peers, once');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
  });
};

/** Starts what others have made of the same database; one that does not start is left out. */
export const startPeers = async (
  serving: Task,
  owning: Task,
  say: (text: string) => void,
): Promise<readonly Contender[]> => {
  installPeers(say);
  const starts = [
    () => startScript('Platformatic DB', 'platformatic', 'platformatic.ts', ['signed'], owning),
    () => startScript('Platformatic DB, no users', 'platformatic', 'platformatic.ts', [], owning),
    () => startScript('PostGraphile', 'graphql', 'postgraphile.ts', [], serving),
    () => startScript('Supabase Lite', 'supabase', 'supabase-lite.ts', [], owning),
  ];
  const started: Contender[] = [];
  for (const start of starts) {
    try {
      started.push(await start());
    } catch (error) {
      say(String(error));
    }
  }
  return started;
};
