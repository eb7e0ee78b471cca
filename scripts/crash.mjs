import { join } from 'node:path';
import { findNode, InstallFailed, installMissing, projectFolder, runNode } from './launcher/index.mjs';

try {
  const node = await findNode();
  await installMissing(projectFolder, 'dependencies', { node });
  const { code, signal } = await runNode(node, [
    join(projectFolder, 'crash/run.ts'),
    ...process.argv.slice(2),
  ]);
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof InstallFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
