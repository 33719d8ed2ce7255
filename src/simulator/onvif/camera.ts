// The simulated ONVIF camera: one HTTP server with device, media, event and snapshot endpoints, and a control panel.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import { answerProbes } from './discovery.ts';
import { type EventService, eventService, type SceneKind } from './events.ts';
import { FAULTS, type FaultPanel, faultPanel } from './fault.ts';
import { type Account, digestGate, tokenVerdict } from './login.ts';
import { type MetadataWriter, metadataWriter } from './metadata.ts';
import { PERSONAS, type Persona, type PersonaName } from './persona.ts';
import { listReply } from './replies.ts';
import { sendAnswer, sendHuge } from './sending.ts';
import { snapshotDesk } from './snapshot.ts';
import { type SubscriptionTable, subscriptionTable } from './subscriptions.ts';
import { writer } from './writer.ts';

export interface SimulatedOnvifSettings {
  readonly persona: PersonaName;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly account?: Account;
  /** Where the simulated streams are: `rtsp://127.0.0.1:8554`. */
  readonly rtsp?: string;
  /** PEM: the same services and pictures by HTTPS too, on a port of its own. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers WS-Discovery's probes in the networks of this machine. Default false. */
  readonly isDiscoverable?: boolean;
  /** Takes the documents of the metadata track; without it no profile carries one. */
  readonly metadata?: (document: string) => void;
  /** Real milliseconds per simulated second of leases and pulls; 1000 is real time. */
  readonly second?: number;
  readonly slots?: number;
  /** The picture that a snapshot shows; undefined: a plain one of the persona's size. */
  readonly picture?: (role: 'main' | 'sub') => Promise<Uint8Array>;
}

export interface SimulatedOnvif extends AsyncDisposable {
  readonly persona: Persona;
  readonly host: string;
  readonly port: number;
  readonly deviceUrl: string;
  /** The same by HTTPS; undefined without a certificate. */
  readonly tlsUrl: string | undefined;
  readonly account: Account;
  readonly faults: FaultPanel;
  readonly subscriptions: SubscriptionTable;
  /** Requests by operation, snapshots as `snapshot`. */
  readonly requests: ReadonlyMap<string, number>;
  readonly failedLogins: number;
  scene(kind: SceneKind, isActive: boolean): void;
  /** All subscriptions are gone, every nonce is stale, connections are cut, and the clock stands at 1970 for a moment. */
  reboot(): void;
}

const OPEN_TO_ALL = new Set(['GetSystemDateAndTime', 'GetCapabilities', 'GetServices', 'GetWsdlUrl']);
const EIGHT_MIB = 8 * 1024 * 1024;
/** Simulated seconds after a reboot. */
const CLOCKLESS_FOR = 2;
/** Wrong logins until the lock of `auth-lockout`. */
const LOCK_AFTER = 3;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > EIGHT_MIB) throw new RangeError('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

export const simulatedOnvif = async (settings: SimulatedOnvifSettings): Promise<SimulatedOnvif> => {
  const persona = PERSONAS[settings.persona];
  const account = settings.account ?? { user: 'admin', password: 'pæss:word"1' };
  const host = settings.host ?? '127.0.0.1';
  const second = settings.second ?? 1000;
  const faults = faultPanel();
  const gate = digestGate();
  const write = writer(persona);
  const requests = new Map<string, number>();
  let failedLogins = 0;
  let port = 0;
  let tlsPort: number | undefined;

  /** What the owner set the clock to, minus ours; it mends a clock that was wrong. */
  let setTo: number | undefined;
  const setClock = (xml: string): void => {
    const field = (name: string): number => Number(new RegExp(`<(?:[\\w-]+:)?${name}>(\\d+)<`).exec(xml)?.[1]);
    const [year, month, day] = [field('Year'), field('Month'), field('Day')];
    const at = Date.UTC(year, month - 1, day, field('Hour'), field('Minute'), field('Second'));
    if (Number.isFinite(at)) setTo = at - Date.now();
  };

  let bootedAt = Number.NEGATIVE_INFINITY;
  const cameraNow = (): number => {
    // Until it has asked its time server it counts from 1970, as cameras without a battery do.
    if (Date.now() - bootedAt < CLOCKLESS_FOR * second) return Date.now() - bootedAt;
    if (setTo !== undefined) return Date.now() + setTo;
    if (faults.active.includes('clock-1970')) return Date.now() % 86_400_000;
    if (faults.active.includes('clock-ahead')) return Date.now() + 3_600_000;
    return faults.active.includes('clock-behind') ? Date.now() - 3_600_000 : Date.now();
  };
  const origin = (isTls: boolean): string => {
    if (faults.active.includes('nat-address')) return 'http://192.168.77.77:80';
    if (faults.active.includes('loopback-address')) return 'http://127.0.0.99:1';
    if (faults.active.includes('wrong-port-address')) return `http://${host}:1`;
    return isTls ? `https://${host}:${tlsPort}` : `http://${host}:${port}`;
  };
  const table = subscriptionTable(cameraNow);
  const metadata: MetadataWriter | undefined =
    settings.metadata && persona.metadata !== 'none'
      ? metadataWriter({ persona, write, now: cameraNow, second, send: settings.metadata })
      : undefined;
  const events: EventService = eventService({
    persona,
    faults,
    table,
    write,
    now: cameraNow,
    second,
    slots: settings.slots ?? 5,
  });

  /** undefined: let in. */
  const refuse = (
    request: IncomingMessage,
    body: string,
    operation: string,
  ): { status: number; headers: Record<string, string[]>; xml: string } | undefined => {
    const isSnapshot = operation === 'snapshot';
    const kind = isSnapshot
      ? persona.snapshot === 'basic'
        ? 'basic'
        : persona.login === 'token'
          ? 'digest-md5'
          : persona.login
      : persona.login;
    const deny = (status: number, headers: Record<string, string[]> = {}): ReturnType<typeof refuse> => ({
      status,
      headers,
      xml: write.envelope(
        'tds',
        write.fault('Sender', 'ter:NotAuthorized', 'The action requested requires authorization'),
      ),
    });
    if (!isSnapshot && OPEN_TO_ALL.has(operation)) return undefined;
    if (faults.strikes('auth-400', operation)) return deny(400);
    if (faults.strikes('auth-500', operation)) return deny(500);
    if (faults.strikes('auth-401', operation))
      return deny(401, { 'www-authenticate': gate.challenges('digest-md5', false) });
    if (faults.active.includes('auth-lockout') && failedLogins >= LOCK_AFTER) return deny(400);
    const byToken =
      isSnapshot || !persona.login.startsWith('token') ? undefined : tokenVerdict(body, account, cameraNow());
    if (byToken === 'good') return undefined;
    if (faults.strikes('snapshot-stale-nonce', operation) && request.headers.authorization !== undefined) {
      gate.age();
      return deny(401, { 'www-authenticate': gate.challenges(kind, true) });
    }
    const byHttp = kind === 'token' ? undefined : gate.verdict(request, body, account);
    if (byHttp === 'good') return undefined;
    if (byToken !== undefined || byHttp === 'bad') failedLogins += 1;
    if (kind === 'token') return deny(400);
    return deny(401, { 'www-authenticate': gate.challenges(kind, byHttp === 'stale') });
  };

  const pictures = snapshotDesk({ persona, faults, picture: settings.picture });
  const snapshot = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refuse(request, '', 'snapshot');
    if (!refusal) return pictures(response);
    response.writeHead(refusal.status, refusal.headers);
    response.end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const isSnapshot = path.includes('snapshot');
    const xml = await readBody(request);
    const operation = isSnapshot ? 'snapshot' : (/<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(xml)?.[1] ?? '');
    requests.set(operation, (requests.get(operation) ?? 0) + 1);
    const closers: (() => void)[] = [];
    response.on('close', () => closers.forEach((then) => then()));
    if (faults.strikes('reset', operation)) {
      request.socket.resetAndDestroy();
      return;
    }
    if (faults.strikes('hang', operation)) return;
    if (faults.strikes('html-503', operation)) {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><html><body>Service Unavailable<br></body></html>');
      return;
    }
    if (faults.strikes('huge', operation)) {
      sendHuge(response);
      return;
    }
    if (faults.strikes('slow', operation)) await new Promise((resolve) => setTimeout(resolve, 1.5 * second));
    if (isSnapshot) {
      await snapshot(request, response);
      return;
    }
    if (operation === '') {
      response.writeHead(400);
      response.end('bad request');
      return;
    }
    const refusal = refuse(request, xml, operation);
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'application/soap+xml', ...refusal.headers });
      response.end(refusal.xml);
      return;
    }
    if (path.includes('media2') && faults.strikes('media2-500', operation)) {
      response.writeHead(500, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><html><body>Internal Server Error</body></html>');
      return;
    }
    if (operation === 'SetSystemDateAndTime') setClock(xml);
    const mayAnswer =
      !persona.refusesAll ||
      /^GetSystemDateAndTime|^GetServices|^GetCapabilities|^GetDeviceInformation|^GetScopes/.test(operation);
    const own = origin(request.socket instanceof TLSSocket);
    const listed = mayAnswer
      ? listReply(path, operation, {
          persona,
          origin: own,
          host: new URL(own).hostname,
          ports: { HTTP: port, HTTPS: tlsPort },
          hasMetadata: metadata !== undefined,
          rtsp: settings.rtsp ?? `rtsp://${new URL(own).hostname}:554`,
          now: cameraNow(),
          request: xml,
          isSnapshotRtsp: faults.strikes('snapshot-rtsp', operation),
        })
      : undefined;
    const answer =
      listed ??
      (mayAnswer
        ? await events.answer({
            operation,
            xml,
            path,
            origin: own,
            isClosed: () => response.destroyed,
            onClose: (then) => closers.push(then),
          })
        : undefined);
    if (!answer) {
      sendAnswer(
        response,
        faults,
        operation,
        500,
        write.envelope('tds', write.fault('Receiver', 'ter:ActionNotSupported', `${operation} is not supported`)),
      );
      return;
    }
    const status = 'status' in answer && typeof answer.status === 'number' ? answer.status : 200;
    sendAnswer(response, faults, operation, status, write.envelope(answer.service, answer.content));
  };

  const scene = (kind: SceneKind, isActive: boolean): void => {
    const messages = events.scene(kind, isActive);
    metadata?.scene(kind, isActive, messages);
  };

  /** Faults and scene over HTTP, for the demo: `PUT /simulator/faults ["slow"]`, `PUT /simulator/scene {"motion":true}`. */
  const control = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const told: unknown = JSON.parse((await readBody(request)) || 'null');
    if (request.url === '/simulator/faults' && Array.isArray(told)) {
      const unknown = told.filter((name) => !(FAULTS as readonly unknown[]).includes(name));
      if (unknown.length > 0) throw new RangeError(`no such fault: ${unknown.join(', ')}`);
      faults.set(FAULTS.filter((name) => told.includes(name)).map((fault) => ({ fault })));
    } else if (request.url === '/simulator/scene' && told !== null && typeof told === 'object') {
      for (const [kind, isActive] of Object.entries(told)) scene(kind as SceneKind, isActive === true);
    } else if (request.url === '/simulator/reboot') reboot();
    else throw new RangeError('no such control');
    response.writeHead(204);
    response.end();
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const isControl = request.method === 'PUT' && request.url?.startsWith('/simulator/');
    (isControl ? control(request, response) : handle(request, response)).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(400);
        response.end(error instanceof Error ? error.message : '');
      }
    });
  };
  const plain = createServer(serve);
  const secure = settings.tls && createTlsServer(settings.tls, serve);
  const servers = secure ? [plain, secure] : [plain];
  const listening = (server: Server, wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, host, () => resolve((server.address() as AddressInfo).port));
    });
  port = await listening(plain, settings.port ?? 0);
  tlsPort = secure && (await listening(secure, 0));
  const reboot = (): void => {
    table.clear();
    bootedAt = Date.now();
    gate.age();
    for (const server of servers) server.closeAllConnections();
  };
  const deviceUrl = `http://${host}:${port}/onvif/device_service`;
  const discovery = settings.isDiscoverable
    ? await answerProbes(persona, () => [`${origin(false)}/onvif/device_service`])
    : undefined;

  return {
    persona,
    host,
    port,
    deviceUrl,
    tlsUrl: tlsPort === undefined ? undefined : `https://${host}:${tlsPort}/onvif/device_service`,
    account,
    faults,
    subscriptions: table,
    requests,
    get failedLogins() {
      return failedLogins;
    },
    scene,
    reboot,
    async [Symbol.asyncDispose]() {
      table.clear();
      metadata?.[Symbol.dispose]();
      await discovery?.[Symbol.asyncDispose]();
      for (const server of servers) {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }
    },
  };
};
