// The parts of the requirement report that need more than SOAP: a decoded frame, the metadata of a stream, an endpoint that
// a camera posts to. Each is tried once and leaves nothing behind.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { avPictureDecoder } from '../adapters/av/picture-decoder.ts';
import type { OnvifClient } from '../adapters/onvif/client.ts';
import type { EvidenceParts } from '../adapters/onvif/evidence.ts';
import { metadataAssembler, metadataEncoding } from '../adapters/onvif/metadata-assembler.ts';
import { PUSH_BODY_LIMIT, pushInbox } from '../adapters/onvif/push.ts';
import { rtspMetadata } from '../adapters/rtsp/metadata-run.ts';
import type { StreamAddress } from '../domain/camera.ts';
import type { Credentials } from '../domain/secret.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Clock } from '../ports/clock.ts';
import { mainStreamStill } from '../watch/main-stream-still.ts';
import { cameraPackets } from './camera-packets.ts';
import { ends } from './push-desk.ts';

const FRAME_WITHIN_MS = 15_000;
/** A camera repeats its states at once when it is subscribed to, and sends metadata at least once a second. */
const TRIAL_WITHIN_MS = 10_000;

const within = (signal: AbortSignal, milliseconds: number): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);

export const reportTrials = (
  credentials: Credentials | undefined,
  clock: Clock,
): Required<Pick<EvidenceParts, 'frame' | 'documents' | 'push'>> => {
  const at = (url: string): StreamAddress => ({ url, ...(credentials ? { credentials } : {}) });

  return {
    async frame(url, signal) {
      const still = mainStreamStill({
        address: at(url),
        packets: cameraPackets(clock),
        decoder: avPictureDecoder(),
        clock,
      });
      const { width, height } = await still.take({ signal: within(signal, FRAME_WITHIN_MS) });
      return { width, height };
    },

    async documents(url, signal) {
      const limit = within(signal, TRIAL_WITHIN_MS);
      await using run = await rtspMetadata({ clock }).open(at(url), { signal: limit });
      const encoding = metadataEncoding(`${run.encoding}/`);
      if (!encoding) return 0;
      const assembler = metadataAssembler(encoding);
      try {
        while (assembler.counters().documents === 0) {
          for (const { bytes, isLast } of await run.next(limit)) assembler.feed(bytes, isLast);
        }
      } catch (error) {
        if (!limit.aborted || signal.aborted) throw error;
      }
      return assembler.counters().documents;
    },

    async push(client: OnvifClient, signal) {
      const limit = within(signal, TRIAL_WITHIN_MS);
      const { ours, theirs } = await ends(hostOf(client.address.href));
      const server = createServer({ headersTimeout: TRIAL_WITHIN_MS }, (request, response) => {
        const from = request.socket.remoteAddress ?? '';
        const length = Number(request.headers['content-length'] ?? 0);
        if (length > PUSH_BODY_LIMIT) {
          response.writeHead(413).end();
          return;
        }
        buffer(request).then(
          (body) => response.writeHead(inbox.receive(request.url?.split('/').at(-1) ?? '', from, body)).end(),
          () => response.destroy(),
        );
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, ours, resolve);
      });
      const { port } = server.address() as AddressInfo;
      const endpoint = new URL(`http://${ours.includes(':') ? `[${ours}]` : ours}:${port}/`);
      const inbox = pushInbox(client, clock, { endpoint, from: [theirs] });
      try {
        await using channel = await inbox.source.open(limit);
        try {
          for (;;) {
            const heard = await channel.next(limit);
            if (heard.length > 0) return heard.length;
          }
        } catch (error) {
          if (!limit.aborted || signal.aborted) throw error;
          return 0;
        }
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
  };
};
