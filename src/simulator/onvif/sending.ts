// How answers leave a simulated camera: whole, or spoilt as its faults say.

import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FaultPanel } from './fault.ts';

/** Sends one SOAP answer, with the faults of transport and document that are on. */
export const sendAnswer = (
  response: ServerResponse,
  faults: FaultPanel,
  operation: string,
  status: number,
  xml: string,
): void => {
  let text = xml;
  if (faults.strikes('unbound-prefix', operation)) text = text.replace(/ xmlns:\w[\w-]*="[^"]*"/g, '');
  if (faults.strikes('truncated', operation)) text = text.slice(0, Math.floor(text.length * 0.9));
  if (faults.strikes('byte-order-mark', operation)) text = `\uFEFF\r\n${text}`;
  if (faults.strikes('junk-tail', operation)) text += '\0\0\r\n<!-- httpd --> \x01';
  if (faults.strikes('empty-body', operation)) text = text.replace(/(<[\w-]+:Body>)[\s\S]*(<\/[\w-]+:Body>)/, '$1$2');
  if (faults.strikes('entity-bomb', operation)) {
    const levels = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('');
    text = `<!DOCTYPE x [<!ENTITY e0 "ha">${levels}]><x>&e12;</x>`;
  }
  if (faults.strikes('deep', operation)) text = '<a>'.repeat(60_000) + '</a>'.repeat(60_000);
  let bytes = Buffer.from(text);
  let type = 'application/soap+xml; charset=utf-8';
  const headers: Record<string, string> = {};
  if (faults.strikes('multipart', operation)) {
    type = 'multipart/related; boundary="b0"; type="application/xop+xml"; start="<r@c>"';
    bytes = Buffer.concat([
      Buffer.from('--b0\r\nContent-ID: <r@c>\r\nContent-Type: application/xop+xml; charset=utf-8\r\n\r\n'),
      bytes,
      Buffer.from('\r\n--b0--\r\n'),
    ]);
  }
  if (faults.strikes('gzip', operation)) {
    bytes = gzipSync(bytes);
    headers['content-encoding'] = 'gzip';
  }
  if (faults.strikes('close-keep-alive', operation)) headers['connection'] = 'close';
  if (faults.strikes('chunked', operation)) {
    response.writeHead(status, { 'content-type': type, ...headers });
    for (let at = 0; at < bytes.length; at += 97) response.write(bytes.subarray(at, at + 97));
    response.end();
    return;
  }
  // Capitals as every camera writes them: clients exist that look for nothing else.
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': String(bytes.length), ...headers });
  // As a string, so that head and body leave in one segment: clients exist that read but once.
  if (bytes.equals(Buffer.from(text))) response.end(text);
  else response.end(bytes);
};

/** 400 MB of white space inside an element, written only as fast as it is read. */
export const sendHuge = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/soap+xml' });
  const block = Buffer.alloc(1024 * 1024, 32);
  let left = 400;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(block)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  response.write('<a>');
  more();
};
