// Two UDP sockets on neighbouring ports, RTP on the even and RTCP on the odd one (RFC 3550 section 11), for cameras that do
// not send over the control connection. Takes datagrams from the camera's address only.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

export interface UdpUser {
  /** `channel` 0 is RTP, 1 RTCP, as on the control connection. The bytes are the user's to keep. */
  frame(channel: number, bytes: Buffer, start: number, end: number): void;
  /** What had arrived together has been passed on. */
  drained(): void;
}

const TRIES = 20;
// A key picture of 1 MB may arrive within one turn of the loop; Linux cuts this to net.core.rmem_max.
const RECEIVE_BUFFER = 1024 * 1024;

const bind = (family: 'udp4' | 'udp6', port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket({ type: family });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });

export class UdpPair implements Disposable {
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #camera: string;
  #user: UdpUser | undefined;
  #serverPorts: readonly [rtp: number, rtcp: number] | undefined;
  #isDrainDue = false;
  #isClosed = false;

  private constructor(rtp: Socket, rtcp: Socket, camera: string) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#camera = camera;
    for (const [channel, socket] of [rtp, rtcp].entries()) {
      socket.on('message', (bytes, from) => {
        if (sameAddress(from.address, camera)) this.#take(channel, bytes);
      });
      // ICMP "port unreachable" and the like: silence is judged by the run.
      socket.on('error', () => undefined);
    }
    try {
      rtp.setRecvBufferSize(RECEIVE_BUFFER);
    } catch {
      // The system's default then; loss is counted either way.
    }
  }

  /** Opens a pair for one camera. @throws the system's error if no pair of ports is free */
  static async open(camera: string): Promise<UdpPair> {
    const family = isIPv6(camera) ? 'udp6' : 'udp4';
    let last: unknown;
    for (let i = 0; i < TRIES; i++) {
      const rtp = await bind(family, 0);
      const { port } = rtp.address();
      try {
        if (port % 2 === 0) return new UdpPair(rtp, await bind(family, port + 1), camera);
      } catch (error) {
        last = error;
      }
      rtp.close();
    }
    throw new Error('no two neighbouring UDP ports are free', { cause: last });
  }

  /** The even port; the odd one follows. */
  get port(): number {
    return this.#rtp.address().port;
  }

  use(user: UdpUser): void {
    this.#user = user;
  }

  /** Tells routers and firewalls on the way that we expect packets from there: an empty one to each port. */
  punch(serverPorts: readonly [rtp: number, rtcp: number]): void {
    this.#serverPorts = serverPorts;
    const emptyRtp = Buffer.from('800000000000000000000000', 'hex');
    const emptyReport = Buffer.from('80c9000100000000', 'hex');
    this.#send(this.#rtp, emptyRtp, serverPorts[0]);
    this.#send(this.#rtcp, emptyReport, serverPorts[1]);
  }

  sendReport(report: Buffer): void {
    if (this.#serverPorts) this.#send(this.#rtcp, report, this.#serverPorts[1]);
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rtp.close();
    this.#rtcp.close();
  }

  #send(socket: Socket, bytes: Buffer, port: number): void {
    if (!this.#isClosed) socket.send(bytes, port, this.#camera, () => undefined);
  }

  #take(channel: number, bytes: Buffer): void {
    if (this.#isClosed) return;
    this.#user?.frame(channel, bytes, 0, bytes.length);
    if (this.#isDrainDue) return;
    this.#isDrainDue = true;
    setImmediate(() => {
      this.#isDrainDue = false;
      if (!this.#isClosed) this.#user?.drained();
    });
  }
}

/** An IPv4 address may be written as an IPv6 one. */
const sameAddress = (a: string, b: string): boolean => a.replace(/^::ffff:/i, '') === b.replace(/^::ffff:/i, '');
