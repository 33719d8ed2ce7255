// Metadata documents out of RTP payloads (ONVIF Streaming 5.2.1): XML over several packets, the marker bit on the last.
// A source without markers is cut at the closing tag. Must not know RTP's headers or a socket.

import { gunzipSync } from 'node:zlib';
import { type CameraDocument, readDocument } from './document.ts';
import { readXml, XmlRefusal, xmlText } from './xml.ts';

/** One document; a scene with hundreds of objects stays below 300 KB. */
const MOST_BYTES = 1024 * 1024;
const END = /<\/(?:[\w.-]+:)?meta[dD]ata[sS]tream\s*>/i;

export type MetadataEncoding = 'xml' | 'gzip';

/** How `a=rtpmap` names it: `vnd.onvif.metadata/90000`, `….gzip/90000`. EXI is not read. */
export const metadataEncoding = (rtpmap: string): MetadataEncoding | undefined => {
  const name = /^vnd\.onvif\.metadata([.+]\w+(?:[.+]\w+)*)?\//i.exec(rtpmap.trim());
  if (!name) return undefined;
  const suffix = name[1]?.toLowerCase();
  if (suffix === undefined) return 'xml';
  return suffix === '.gzip' || suffix === '+gzip' ? 'gzip' : undefined;
};

/** Documents that came together, as without markers or in a file of a whole stream; a text that is no metadata is one document. */
export const metadataTexts = (text: string): readonly string[] => {
  const found: string[] = [];
  let rest = text;
  for (let end = END.exec(rest); end; end = END.exec(rest)) {
    const until = end.index + end[0].length;
    found.push(rest.slice(0, until));
    rest = rest.slice(until);
  }
  if (found.length === 0 && rest.trim() !== '') found.push(rest);
  return found;
};

export interface MetadataCounters {
  readonly documents: number;
  /** Documents that could not be read: lost packets, broken XML, over the limit. */
  readonly dropped: number;
}

export interface MetadataAssembler {
  /** @returns documents that this payload completed, nearly always none or one */
  feed(payload: Uint8Array, isLast: boolean): readonly CameraDocument[];
  /** Packets were lost: what was collected is of no use. */
  gap(): void;
  counters(): MetadataCounters;
}

export const metadataAssembler = (encoding: MetadataEncoding = 'xml'): MetadataAssembler => {
  let parts: Uint8Array[] = [];
  let size = 0;
  let isSkipping = false;
  let documents = 0;
  let dropped = 0;

  const drop = (): void => {
    parts = [];
    size = 0;
  };

  const read = (bytes: Uint8Array): readonly CameraDocument[] => {
    try {
      const text = xmlText(encoding === 'gzip' ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes);
      const found = metadataTexts(text).map((one) => readDocument(readXml(one)));
      documents += found.length;
      return found;
    } catch (error) {
      const isExpected = error instanceof XmlRefusal || (error as NodeJS.ErrnoException).code !== undefined;
      if (!isExpected) throw error;
      dropped += 1;
      return [];
    }
  };

  return {
    feed(payload, isLast) {
      if (isSkipping) {
        // The rest of a document whose beginning was lost, up to its marker.
        isSkipping = !isLast;
        return [];
      }
      size += payload.length;
      if (size > MOST_BYTES) {
        drop();
        dropped += 1;
        isSkipping = !isLast;
        return [];
      }
      parts.push(payload);
      const isClosed = isLast || (encoding === 'xml' && END.test(Buffer.from(payload).toString('latin1')));
      if (!isClosed) return [];
      const whole = Buffer.concat(parts);
      drop();
      return read(whole);
    },
    gap() {
      if (size > 0) dropped += 1;
      drop();
      isSkipping = true;
    },
    counters: () => ({ documents, dropped }),
  };
};
