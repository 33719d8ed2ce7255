import { ERROR_TABLE, StillwatchError } from '../domain/errors.ts';

/** The oldest Node that has all this program uses (engines in package.json). */
const LEAST: readonly [number, number] = [20, 19];

export const isFitNode = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
};

/** Says what is needed. @returns the exit code */
export const refuseNode = (): number => {
  process.stderr.write(`${new StillwatchError('SW_NODE_VERSION', { version: process.versions.node }).message}\n`);
  return ERROR_TABLE.SW_NODE_VERSION.exit;
};
