// An RTSP server that says what a test tells it to: one handler per request, bytes as given, nothing of its own accord.

import { createServer, type Server, type Socket } from 'node:net';

export interface CameraRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Which request of its connection it is, from 0. */
  readonly index: number;
}

export interface CameraAnswer {
  /** Default 200 OK. */
  readonly status?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Sent as it is, after the answer or instead of it. */
  readonly raw?: Uint8Array | string;
  readonly isSilent?: boolean;
}

export interface ScriptedCamera extends AsyncDisposable {
  readonly port: number;
  /** Methods in the order they came, over all connections. */
  readonly requests: readonly CameraRequest[];
  /** What came in interleaved frames. */
  readonly frames: readonly { readonly channel: number; readonly content: Buffer }[];
  readonly connections: number;
  readonly openConnections: number;
  /** Resolves when `fact` holds; looked at whenever something arrives or closes. */
  seen(fact: () => boolean): Promise<void>;
  send(bytes: Uint8Array | string): void;
  /** Ends every connection with FIN, or with RST. */
  hangUp(how: 'fin' | 'rst'): void;
}

type Handler = (request: CameraRequest, socket: Socket) => CameraAnswer;

export const scriptedCamera = async (handle: Handler): Promise<ScriptedCamera> => {
  const sockets = new Set<Socket>();
  const requests: CameraRequest[] = [];
  const frames: { channel: number; content: Buffer }[] = [];
  let connections = 0;
  let waiting: { fact: () => boolean; resolve: () => void }[] = [];
  const look = (): void => {
    const met = waiting.filter(({ fact }) => fact());
    waiting = waiting.filter((one) => !met.includes(one));
    for (const { resolve } of met) resolve();
  };

  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let held = Buffer.alloc(0);
    let index = 0;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      look();
    });
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      for (;;) {
        if (held[0] === 0x24) {
          if (held.length < 4 || held.length < 4 + held.readUInt16BE(2)) break;
          const end = 4 + held.readUInt16BE(2);
          frames.push({ channel: held.readUInt8(1), content: Buffer.from(held.subarray(4, end)) });
          held = held.subarray(end);
          continue;
        }
        const end = held.indexOf('\r\n\r\n');
        if (end < 0) break;
        const [start = '', ...lines] = held.toString('utf8', 0, end).split('\r\n');
        held = held.subarray(end + 4);
        const [method = '', url = ''] = start.split(' ');
        const headers = new Map(
          lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
        );
        const request = { method, url, headers, index: index++ };
        requests.push(request);
        answer(socket, request);
      }
      look();
    });
  });

  const answer = (socket: Socket, request: CameraRequest): void => {
    const { status = '200 OK', headers = [], body = '', raw, isSilent } = handle(request, socket);
    if (!isSilent) {
      const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
      const cseq = `CSeq: ${request.headers.get('cseq') ?? ''}`;
      socket.write([`RTSP/1.0 ${status}`, cseq, ...headers, ...length, '', body].join('\r\n'));
    }
    if (raw !== undefined && !socket.destroyed) socket.write(raw);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    requests,
    frames,
    get connections() {
      return connections;
    },
    get openConnections() {
      return sockets.size;
    },
    seen: (fact) =>
      new Promise((resolve) => {
        waiting.push({ fact, resolve });
        look();
      }),
    send: (bytes) => {
      for (const socket of sockets) socket.write(bytes);
    },
    hangUp: (how) => {
      for (const socket of sockets) {
        if (how === 'fin') socket.end();
        else socket.resetAndDestroy();
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      // A second time is harmless: then it says that it is not running.
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
