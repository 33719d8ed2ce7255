// SOAP 1.2 envelopes as we write them: body, WS-Security UsernameToken, WS-Addressing. Must not send or read anything.

import { createHash } from 'node:crypto';
import type { Credentials } from '../../domain/secret.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { XmlElement } from './xml.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
// What XML 1.0 cannot carry at all is dropped.
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escapeXml = (text: string): string =>
  text.replace(UNPRINTABLE, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** What identifies a subscription beside its address (WS-Addressing 1.0 core, 2.1): header blocks, ready to be sent back. */
export type ReferenceParameters = readonly string[];

/** Rebuilds an element that must be echoed, with the namespace declarations its prefixes need. */
export const echoElement = (element: XmlElement, namespaces: ReadonlyMap<string, string>): string => {
  const write = (at: XmlElement, extra: string): string => {
    const attributes = [...at.attributes].map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('');
    return `<${at.name}${attributes}${extra}>${escapeXml(at.text)}${at.children.map((inner) => write(inner, '')).join('')}</${at.name}>`;
  };
  const prefixes = new Set<string>();
  const collect = (at: XmlElement): void => {
    prefixes.add(at.name.includes(':') ? (at.name.split(':')[0] ?? '') : '');
    at.children.forEach(collect);
  };
  collect(element);
  const declarations = [...prefixes]
    .filter((prefix) => namespaces.has(prefix))
    .map((prefix) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeXml(namespaces.get(prefix) ?? '')}"`)
    .join('');
  return write(element, `${declarations} wsa:IsReferenceParameter="true"`);
};

export interface Addressing {
  readonly action: string;
  readonly to: string;
  readonly messageId: string;
  readonly parameters: ReferenceParameters;
}

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/**
 * UsernameToken with password digest: Base64(SHA-1(nonce + created + password)). Source: WSS UsernameToken Profile 1.0, 3.1.
 * @param cameraTime the camera's clock, or it is refused as a replay
 */
export const usernameToken = (credentials: Credentials, cameraTime: EpochMs, nonce: Uint8Array): string => {
  const created = new Date(cameraTime).toISOString().replace(/\.\d+Z$/, 'Z');
  const digest = createHash('sha1')
    .update(nonce)
    .update(created, 'utf8')
    .update(credentials.password.reveal(), 'utf8')
    .digest('base64');
  return (
    `<wsse:Security s:mustUnderstand="1" xmlns:wsse="${WSSE}-wssecurity-secext-1.0.xsd" xmlns:wsu="${WSSE}-wssecurity-utility-1.0.xsd">` +
    `<wsse:UsernameToken><wsse:Username>${escapeXml(credentials.user)}</wsse:Username>` +
    `<wsse:Password Type="${WSSE}-username-token-profile-1.0#PasswordDigest">${digest}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${WSSE}-soap-message-security-1.0#Base64Binary">${Buffer.from(nonce).toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  );
};

const WSA = 'http://www.w3.org/2005/08/addressing';

/** One request. `body` is XML that declares its own namespaces. */
export const envelope = (body: string, security: string, addressing: Addressing | undefined): string => {
  const routing = addressing
    ? `<wsa:Action s:mustUnderstand="1">${escapeXml(addressing.action)}</wsa:Action>` +
      `<wsa:MessageID>urn:uuid:${addressing.messageId}</wsa:MessageID>` +
      `<wsa:ReplyTo><wsa:Address>${WSA}/anonymous</wsa:Address></wsa:ReplyTo>` +
      `<wsa:To s:mustUnderstand="1">${escapeXml(addressing.to)}</wsa:To>${addressing.parameters.join('')}`
    : '';
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="${WSA}">` +
    `<s:Header>${routing}${security}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
};
