// `stillwatch explain-event`: what Stillwatch reads out of a document a camera sent, by the code of the live path.
// For bug reports. Decides nothing.

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { readCapabilityAddresses, readDocument, readTopics, readUri } from '../../adapters/onvif/document.ts';
import { metadataTexts } from '../../adapters/onvif/metadata-assembler.ts';
import { readXml, XmlRefusal, xmlText } from '../../adapters/onvif/xml.ts';
import type { Claim, Items } from '../../domain/camera-message.ts';
import { EXIT, StillwatchError } from '../../domain/errors.ts';
import { activeCells } from '../../motion/onvif-cells.ts';
import { type Meaning, meaningOf } from '../../motion/onvif-topics.ts';

export interface ExplainedMessage {
  readonly topic: string;
  readonly operation: string;
  readonly source: Items;
  readonly key?: Items;
  readonly data: Items;
  readonly claims: readonly Claim[];
  readonly motion: Meaning['motion'];
  readonly trigger: boolean;
}

export interface ExplainedCells {
  readonly cells: { readonly columns: number; readonly rows: number; readonly active: number };
  readonly motion: boolean;
}

export interface ExplainedReply {
  readonly uri?: string;
  readonly xaddrs?: Items;
  readonly topics?: readonly string[];
}

export interface Explanation {
  readonly kind: string;
  readonly name: string;
  readonly messages: readonly (ExplainedMessage | ExplainedCells | ExplainedReply)[];
  /** What a reply says when it also carries someone's credentials; then it is not quoted under `messages`. */
  readonly reply?: ExplainedReply;
  readonly objects?: readonly { readonly id: string; readonly classes: readonly string[] }[];
  readonly fault?: { readonly codes: readonly string[]; readonly reason: string };
  readonly warnings?: readonly string[];
  /** Why the live path refuses this document. `messages` then shows what it would say if it were mended. */
  readonly refused?: string;
}

const REPLIES = /^Get(?:Stream|Snapshot|Replay)UriResponse$/;

const explainText = (source: string): Explanation => {
  let refused: string | undefined;
  const xml = ((): ReturnType<typeof readXml> => {
    try {
      return readXml(source);
    } catch (error) {
      if (!(error instanceof XmlRefusal)) throw error;
      refused = error.detail;
      return readXml(source, undefined, () => {});
    }
  })();
  const document = readDocument(xml);

  const messages = document.messages.map((message): ExplainedMessage => {
    const { claims, motion, trigger } = meaningOf(message);
    const { topic, operation, source: from, key, data } = message;
    const keyed = Object.keys(key).length > 0 ? { key } : {};
    return { topic, operation, source: from, ...keyed, data, claims, motion, trigger };
  });
  const cells = document.frames.flatMap((frame) =>
    frame.cells.map(({ columns, rows, packed }): ExplainedCells => {
      const active = activeCells(packed, columns, rows);
      return { cells: { columns, rows, active }, motion: active > 0 };
    }),
  );
  const reply = ((): ExplainedReply | undefined => {
    if (REPLIES.test(document.name)) {
      const uri = readUri(document.content);
      return uri === undefined ? undefined : { uri };
    }
    if (document.name === 'GetCapabilitiesResponse') return { xaddrs: readCapabilityAddresses(document.content) };
    if (document.name === 'GetEventPropertiesResponse') return { topics: readTopics(document.content, xml.namespaces) };
    return undefined;
  })();
  const objects = document.frames.flatMap((frame) =>
    frame.objects.map(({ id, classes }) => ({ id, classes: classes.map(({ name }) => name) })),
  );
  const isQuoted = reply !== undefined && !document.echoesCredentials;
  return {
    kind: document.kind,
    name: document.name,
    messages: [...messages, ...cells, ...(isQuoted ? [reply] : [])],
    ...(reply && !isQuoted ? { reply } : {}),
    ...(objects.length > 0 ? { objects } : {}),
    ...(document.fault ? { fault: document.fault } : {}),
    ...(document.echoesCredentials
      ? { warnings: ['the header carries a WS-Security token: take it out before you show this document to anyone'] }
      : {}),
    ...(refused === undefined ? {} : { refused }),
  };
};

/**
 * Explains one document, or the documents of a whole metadata stream as one.
 * @throws XmlRefusal when not even the mended document can be read
 */
export const explainDocument = (bytes: Uint8Array): Explanation => {
  const source = xmlText(bytes);
  const [first, ...others] = metadataTexts(source).map(explainText);
  if (!first) return explainText(source);
  const all = [first, ...others];
  const objects = all.flatMap((one) => one.objects ?? []);
  const refused = all.find((one) => one.refused !== undefined)?.refused;
  return {
    ...first,
    messages: all.flatMap((one) => one.messages),
    ...(objects.length > 0 ? { objects } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
};

const read = async (file: string): Promise<Uint8Array> => {
  if (file === '-') return Buffer.from(await text(process.stdin));
  try {
    return await readFile(file);
  } catch (cause) {
    throw new StillwatchError('SW_CONFIG_UNREADABLE', { file, detail: (cause as Error).message }, { cause });
  }
};

/** Adds `explain-event <file|->`: JSON on standard output; exit code 5 and the reason for a document that is refused. */
export const explainEventCommand = (program: Command): void => {
  program
    .command('explain-event')
    .description('show what Stillwatch reads out of an ONVIF notification, pull reply or metadata document')
    .argument('<file>', 'the document, or - for standard input')
    .action(async (file: string) => {
      const bytes = await read(file);
      let explanation: Explanation;
      try {
        explanation = explainDocument(bytes);
      } catch (error) {
        if (!(error instanceof XmlRefusal)) throw error;
        explanation = { kind: 'unknown', name: '', messages: [], refused: error.detail };
      }
      process.stdout.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
      if (explanation.refused !== undefined) {
        process.stderr.write(`explain-event: refused: ${explanation.refused}\n`);
        process.exitCode = EXIT.refused;
      }
    });
};
