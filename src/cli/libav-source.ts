// The packet source of last resort: the library's own RTSP client, a child process for each run. See docs/design/rtsp-client.md.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Packet, StreamAddress } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { redact } from '../domain/secret.ts';
import { type Ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';
import type { LibavCommand, LibavReport } from './libav-protocol.ts';

/** Starting a process on a busy small computer, five requests and three seconds of looking at the stream. */
const OPEN_WITHIN: Ms = seconds(20);
/** As our own client: ten pictures of the slowest stream in use. */
const SILENCE: Ms = seconds(10);
const STOP_WITHIN: Ms = seconds(1);

const entry = (): string => {
  const here = fileURLToPath(import.meta.url);
  return here.replace(/libav-source\.(ts|js)$/, 'libav-child.$1');
};

/** The library takes credentials in the address only. It goes through the pipe to the child and stays there. */
const withCredentials = ({ url, credentials }: StreamAddress): string => {
  if (!credentials) return url;
  const login = [credentials.user, credentials.password.reveal()].map(encodeURIComponent).join(':');
  return url.replace(/^(rtsps?:\/\/)/i, `$1${login}@`);
};

const startRun = (address: StreamAddress, clock: Clock) => {
  const { hostname, port, pathname } = new URL(address.url);
  const facts = { host: hostname, port: port === '' ? 554 : Number(port), path: pathname.replace(/^\//, '') || '/' };
  const error = (code: StillwatchError['code'], more: StillwatchError['facts'] = {}): StillwatchError =>
    new StillwatchError(code, { ...facts, ...more }, { where: redact(address.url) });
  const child = fork(entry(), [], { stdio: 'ignore', serialization: 'advanced' });
  const ended = new AbortController();
  const waiting: Packet[] = [];
  let failed: StillwatchError | undefined;
  let heardAt = clock.now().mono;
  let wake: (() => void) | undefined;
  let packets = 0;
  let bytes = 0;
  let closing: Promise<void> | undefined;

  const say = (command: LibavCommand): void => {
    if (child.connected) child.send(command, () => undefined);
  };
  const fail = (thrown: StillwatchError): void => {
    failed ??= thrown;
    wake?.();
  };
  const gone = new Promise<void>((resolve) => {
    child.once('error', ({ message }) => {
      fail(error('SW_CAM_LOST', { detail: message }));
      resolve();
    });
    child.once('exit', (code, signal) => {
      fail(error('SW_CAM_LOST', { detail: `its process ended: ${signal ?? code}` }));
      resolve();
    });
  });
  const close = (): Promise<void> => {
    closing ??= (async () => {
      ended.abort();
      wake?.();
      say({ type: 'stop' });
      const late = new AbortController();
      void clock.sleep(STOP_WITHIN, late.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await gone;
      late.abort();
    })();
    return closing;
  };
  /** A stall in native code shows as silence, whatever it waits for. */
  const watchOver = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(SILENCE, ended.signal);
      if (waiting.length > 0 || clock.now().mono - heardAt < SILENCE) continue;
      fail(error('SW_CAM_SILENT', { seconds: SILENCE / 1000 }));
      await close();
    }
  };
  const format = new Promise<PacketRun['format']>((resolve, reject) => {
    child.on('message', (report: LibavReport) => {
      heardAt = clock.now().mono;
      switch (report.type) {
        case 'open':
          void watchOver().catch(() => undefined);
          resolve(report.format);
          return;
        case 'packet':
          waiting.push({ ...report.packet, arrivedAt: heardAt });
          packets += 1;
          bytes += report.packet.bytes.length;
          wake?.();
          return;
        case 'failed':
          fail(error(report.code, report.facts));
          return;
        default:
          return;
      }
    });
    void gone.then(() => reject(failed));
    void clock.sleep(OPEN_WITHIN, ended.signal).then(
      () => reject(error('SW_CAM_SILENT', { seconds: OPEN_WITHIN / 1000 })),
      () => undefined,
    );
    say({ type: 'open', url: withCredentials(address) });
  });

  async function* batches(): AsyncGenerator<readonly Packet[]> {
    try {
      while (!ended.signal.aborted) {
        const batch = waiting.splice(0);
        if (batch.length > 0) {
          say({ type: 'taken', packets: batch.length });
          yield batch;
        } else if (failed) throw failed;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      if (failed?.code === 'SW_CAM_SILENT') throw failed;
    } finally {
      await close();
    }
  }
  return { format, batches: batches(), close, counters: () => ({ packets, bytes, lost: 0 }) };
};

export const libavPacketSource = ({ clock }: { readonly clock: Clock }): PacketSource => ({
  async open(address, { signal }) {
    signal.throwIfAborted();
    const run = startRun(address, clock);
    const abort = (): void => void run.close();
    signal.addEventListener('abort', abort, { once: true });
    const close = async (): Promise<void> => {
      signal.removeEventListener('abort', abort);
      await run.close();
    };
    try {
      const format = await run.format;
      signal.throwIfAborted();
      return {
        format,
        claimedFps: undefined,
        batches: run.batches,
        // The library reads when it likes.
        pace: () => undefined,
        counters: run.counters,
        [Symbol.asyncDispose]: close,
      };
    } catch (thrown) {
      await close();
      throw signal.aborted ? signal.reason : thrown;
    }
  },
});
