#!/usr/bin/env node
// The `ashlar` program. Nothing is imported before Node is known to be new enough: an old one would stop at
// the first unknown word of a module and never say why. So this file keeps to what Node 18 can read.
import process from 'node:process';

const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `ashlar needs Node ${oldestNode} or newer; this is Node ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org or with your package manager, and run the command again.\n',
  );
  process.exitCode = 1;
} else {
  const { keepCode } = await import('./code-cache.ts');
  keepCode();
  const { runCommand } = await import('./index.ts');
  process.exitCode = await runCommand(process.argv.slice(2));
}
