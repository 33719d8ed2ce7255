#!/usr/bin/env node
// The command line: names the commands, reads their arguments, turns outcomes into exit codes.

import { isFitNode, refuseNode } from './node-version.ts';

const main = async (): Promise<number> => {
  const { runCommandLine } = await import('./command-line.ts');
  return runCommandLine(process.argv);
};

process.exitCode = isFitNode(process.versions.node) ? await main() : refuseNode();
