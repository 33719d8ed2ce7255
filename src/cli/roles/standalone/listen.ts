// Where the web server listens, and what it answers when the port is taken.

import { networkInterfaces } from 'node:os';
import { StillwatchError } from '../../../domain/errors.ts';
import type { buildWeb } from '../../../web/server.ts';
import { isEverywhere } from '../../bind-address.ts';

export interface ListenOptions {
  readonly port: number;
  /** Address to listen on. */
  readonly bind: string;
  /** Take any free port when the wanted one is in use. */
  readonly isPortFlexible: boolean;
}

/** What to type into a browser. */
export interface Listening {
  readonly port: number;
  /** This machine's address on the local network, when the server can be reached there. */
  readonly lan: string | undefined;
}

const lanAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

/** @throws StillwatchError SW_PORT_IN_USE */
export const listen = async (web: ReturnType<typeof buildWeb>, options: ListenOptions): Promise<Listening> => {
  const { bind, port } = options;
  const listenOn = async (wanted: number): Promise<Listening> => {
    await web.listen({ host: bind, port: wanted });
    const address = web.server.address();
    return {
      port: typeof address === 'object' && address ? address.port : wanted,
      lan: isEverywhere(bind) ? lanAddress() : undefined,
    };
  };
  try {
    return await listenOn(port);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' && options.isPortFlexible) return listenOn(0);
    if (code === 'EADDRINUSE') throw new StillwatchError('SW_PORT_IN_USE', { port });
    throw thrown;
  }
};
