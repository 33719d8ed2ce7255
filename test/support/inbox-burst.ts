// Many cameras that push bursts at once while their server is killed: each sends a picture again until somebody says that it
// is safe, as cameras do. What was acknowledged is remembered.

import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Client } from 'basic-ftp';
import { testJpeg } from '../../src/testing/jpegs.ts';
import { type InboxPorts, keyOf, pictureHash } from './inbox.ts';

export interface BurstPlan {
  readonly cameras: number;
  /** Asked before each picture: go on? */
  readonly wants: (camera: number, sent: number) => boolean;
  readonly signal: AbortSignal;
}

export interface BurstOutcome {
  /** By what it shows: the camera it is of, and how often it was sent. */
  readonly acknowledged: ReadonlyMap<string, { readonly camera: string; readonly tries: number }>;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

const byHttp = async (ports: InboxPorts, camera: string, name: string, bytes: Uint8Array): Promise<boolean> => {
  const reply = await fetch(`http://127.0.0.1:${ports.http}/upload/${camera}/${keyOf(camera)}/${name}`, {
    method: 'PUT',
    body: Buffer.from(bytes),
    signal: AbortSignal.timeout(30_000),
  });
  await reply.arrayBuffer();
  return reply.ok;
};

const byFtp = async (ports: InboxPorts, camera: string, name: string, bytes: Uint8Array): Promise<boolean> => {
  const client = new Client(30_000);
  try {
    await client.access({ host: '127.0.0.1', port: ports.ftp, user: camera, password: keyOf(camera) });
    const { code } = await client.uploadFrom(Readable.from([Buffer.from(bytes)]), name);
    return code === 226;
  } finally {
    client.close();
  }
};

/** A camera's mail in its plainest form: no library between its words and the server's. */
const byMail = async (ports: InboxPorts, camera: string, name: string, bytes: Uint8Array): Promise<boolean> => {
  const socket = connect(ports.mail, '127.0.0.1');
  socket.setTimeout(30_000, () => socket.destroy());
  socket.on('error', () => undefined);
  const base64 = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
  const head = `Subject: ${name}\r\nMIME-Version: 1.0\r\nContent-Type: image/jpeg; name="${name}"\r\nContent-Transfer-Encoding: base64`;
  const login = Buffer.from(`\0${camera}\0${keyOf(camera)}`).toString('base64');
  const words = [
    'EHLO camera',
    `AUTH PLAIN ${login}`,
    `MAIL FROM:<${camera}@camera.example>`,
    'RCPT TO:<photos@camera.example>',
    'DATA',
    `${head}\r\n\r\n${base64}\r\n.`,
    'QUIT',
  ];
  const said: string[] = [];
  const lines = createInterface({ input: socket });
  // A line that is cut has no end, and its reader would wait for one.
  socket.once('close', () => lines.close());
  try {
    for await (const line of lines) {
      if (/^\d{3}-/.test(line)) continue;
      said.push(line);
      if (!/^[23]/.test(line)) return false;
      const next = words.shift();
      if (next === undefined) break;
      socket.write(`${next}\r\n`);
    }
  } finally {
    socket.destroy();
  }
  // Greeting, hello, login, from, to, go ahead: then the answer to the picture.
  return said[6]?.startsWith('250') === true;
};

const DOORS = [byHttp, byFtp, byMail] as const;

/** Runs until every camera has had enough. A picture that was begun is sent until it is acknowledged or `signal` aborts. */
export const pushBursts = async (ports: InboxPorts, { cameras, wants, signal }: BurstPlan): Promise<BurstOutcome> => {
  const acknowledged = new Map<string, { camera: string; tries: number }>();
  const camera = async (index: number): Promise<void> => {
    const id = `cam-${index}`;
    const send = DOORS[index % DOORS.length] ?? byHttp;
    for (let sent = 0; wants(index, sent) && !signal.aborted; sent++) {
      const bytes = await testJpeg(index * 100_000 + sent, { width: 96, height: 64 });
      for (let tries = 1; !signal.aborted; tries++) {
        const isSafe = await send(ports, id, `shot-${sent}.jpg`, bytes).catch(() => false);
        if (isSafe) {
          acknowledged.set(pictureHash(bytes), { camera: id, tries });
          break;
        }
        await pause();
      }
    }
  };
  await Promise.all(Array.from({ length: cameras }, (_, index) => camera(index)));
  return { acknowledged };
};
