// The network this machine is in: a simulated camera is found there, as a real one is, and not in the loopback.

import { networkInterfaces } from 'node:os';

export interface HomeNetwork {
  readonly name: string;
  readonly address: string;
}

/** undefined: there is none. */
export const homeNetwork = (): HomeNetwork | undefined => {
  const [home] = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map((one) => ({ name, ...one })),
  );
  return home;
};
