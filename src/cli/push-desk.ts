// Carries what cameras post from the web server, in the main process, to whoever subscribed, in a capture process.

import { createSocket } from 'node:dgram';
import type { OnvifClient } from '../adapters/onvif/client.ts';
import { type PushInbox, pushInbox } from '../adapters/onvif/push.ts';
import { StillwatchError } from '../domain/errors.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import type { NotifyDoor } from '../web/notify-routes.ts';

export type Deliver = (from: string, body: Uint8Array) => void;

export interface MainDesk extends NotifyDoor {
  open(secret: string, deliver: Deliver): void;
  shut(secret: string): void;
}

/** In the main process: which secrets somebody waits at. */
export const mainDesk = (): MainDesk => {
  const waiting = new Map<string, Deliver>();
  return {
    knows: (secret) => waiting.has(secret),
    receive: (secret, from, body) => waiting.get(secret)?.(from, body),
    open: (secret, deliver) => void waiting.set(secret, deliver),
    shut: (secret) => void waiting.delete(secret),
  };
};

export interface CaptureDesk {
  /** A subscription that the camera posts to us for. */
  source(client: OnvifClient): TriggerSource;
  receive(secret: string, from: string, body: Uint8Array): void;
}

export interface CaptureDeskParts {
  /** `http://{host}:10000/onvif/notify/`: where the web server takes notifications; undefined: it takes none. */
  readonly endpoint: string | undefined;
  readonly clock: Clock;
  readonly onOpen: (secret: string) => void;
  readonly onShut: (secret: string) => void;
}

/** Our own address on the way to the camera, and the camera's: the system's routing knows both, nothing is sent. */
export const ends = (host: string): Promise<{ readonly ours: string; readonly theirs: string }> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (cause) => {
      socket.close();
      reject(new StillwatchError('SW_CAM_HOST_UNKNOWN', { host }, { cause }));
    });
    socket.connect(9, host, () => {
      const answer = { ours: socket.address().address, theirs: socket.remoteAddress().address };
      socket.close();
      resolve(answer);
    });
  });

/** In a capture process: the inboxes behind the secrets. */
export const captureDesk = ({ endpoint, clock, onOpen, onShut }: CaptureDeskParts): CaptureDesk => {
  const inboxes = new Map<string, PushInbox>();
  return {
    source: (client) => ({
      name: 'push',
      async open(signal) {
        if (endpoint === undefined) {
          const reason = 'the web server listens on this machine only, where no camera can post to';
          throw new StillwatchError('SW_ONVIF_REFUSED', { call: 'Subscribe', reason });
        }
        const { ours, theirs } = await ends(hostOf(client.address.href));
        const url = new URL(endpoint.replace('{host}', ours.includes(':') ? `[${ours}]` : ours));
        const inbox = pushInbox(client, clock, { endpoint: url, from: [theirs] });
        inboxes.set(inbox.secret, inbox);
        onOpen(inbox.secret);
        const shut = (): void => {
          inboxes.delete(inbox.secret);
          onShut(inbox.secret);
        };
        try {
          const channel = await inbox.source.open(signal);
          return {
            next: (cut) => channel.next(cut),
            refresh: (cut) => channel.refresh(cut),
            async [Symbol.asyncDispose]() {
              shut();
              await channel[Symbol.asyncDispose]();
            },
          };
        } catch (error) {
          shut();
          throw error;
        }
      },
    }),
    receive(secret, from, body) {
      inboxes.get(secret)?.receive(secret, from, body);
    },
  };
};
