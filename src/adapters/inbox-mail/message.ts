// Pictures and words out of one e-mail, as cameras really write them: attached, inline, named wrongly, with a boundary that is
// never used, or cut off. What a part is, its bytes say.

import { type ParsedMail, simpleParser } from 'mailparser';
import { type PictureKind, pictureKind } from '../../domain/picture-kind.ts';
import { reportText } from '../../domain/report-text.ts';

export interface MailPicture {
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

export interface MailContents {
  /** Subject and body. */
  readonly text: string;
  readonly pictures: readonly MailPicture[];
  /** From and to. */
  readonly addresses: readonly string[];
}

/** Logos and signatures of providers are small PNGs; no camera's picture is. */
const LEAST_PNG = 64 * 1024;
/** A burst has ten pictures; more parts than this are an attack. */
const MOST_PARTS = 20;
const LONGEST_TEXT = 16_384;

/** Base64 of FF D8 FF, 89 50 4E 47: how a picture begins in a message whose parts cannot be told apart. */
const BASE64_PICTURE = /(?:^|\n)[ \t]*((?:\/9j\/|iVBORw0KGgo)[A-Za-z0-9+/=\r\n \t]{256,})/g;

/** Pictures in a message that the MIME parser made nothing of: wrong boundary, missing headers, no end. */
export const salvage = (raw: Uint8Array): readonly MailPicture[] => {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1');
  return [...text.matchAll(BASE64_PICTURE)].slice(0, MOST_PARTS).map(([, block = '']) => {
    // A line that is no base64 (the boundary that was really used) ends it.
    const lines = block.split(/\r?\n/).map((line) => line.trim());
    const end = lines.findIndex((line) => !/^[A-Za-z0-9+/]*={0,2}$/.test(line) || line === '');
    return {
      name: undefined,
      bytes: new Uint8Array(Buffer.from(lines.slice(0, end < 0 ? undefined : end).join(''), 'base64')),
    };
  });
};

/** A table's rows are lines, its cells words beside each other. */
const htmlText = (html: string): string =>
  html
    .slice(0, 256 * 1024)
    .replace(/<(?:style|script|head)\b[^]*?<\/(?:style|script|head)>/gi, ' ')
    .replace(/<\/?(?:br|tr|p|div|li|h\d|table|dt)\b[^>]{0,512}>/gi, '\n')
    .replace(/<[^>]{0,512}>/g, ' ')
    .replace(/&(?:deg|#176|#xb0);/gi, '°')
    .replace(/&nbsp;|&#160;/gi, ' ')
    .replace(/&#(\d{2,6});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10_ffff)))
    .replace(
      /&(auml|ouml|uuml|aelig|oslash|aring|eacute|amp);/gi,
      (_, name: string) => LETTERS[name.toLowerCase()] ?? ' ',
    )
    .replace(/[ \t]+/g, ' ');

const LETTERS: Readonly<Record<string, string>> = {
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  aelig: 'æ',
  oslash: 'ø',
  aring: 'å',
  eacute: 'é',
  amp: '&',
};

/** Subject, plain text, what HTML says besides, and reports that are attached as text. */
const allText = (mail: ParsedMail): string => {
  const reports = mail.attachments
    .slice(0, MOST_PARTS)
    .map(({ filename, content }) => reportText(content, filename) ?? '')
    .filter((text) => text !== '');
  const html = typeof mail.html === 'string' ? htmlText(mail.html) : '';
  return [mail.subject ?? '', mail.text ?? '', html, ...reports].join('\n').slice(0, LONGEST_TEXT);
};

const addressesIn = (mail: ParsedMail): readonly string[] =>
  [mail.from, mail.to, mail.cc]
    .flat()
    .flatMap((field) => field?.value ?? [])
    .map(({ address }) => address ?? '');

const isPicture = (kind: PictureKind | undefined): boolean => kind !== undefined;

export const readMessage = async (raw: Uint8Array): Promise<MailContents> => {
  const mail = await simpleParser(Buffer.from(raw.buffer, raw.byteOffset, raw.length), {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: 256 * 1024,
  });
  const parts = mail.attachments.slice(0, MOST_PARTS).map(({ filename, content }) => ({
    name: filename,
    bytes: new Uint8Array(content.buffer, content.byteOffset, content.length),
  }));
  const found = parts.filter(({ bytes }) => isPicture(pictureKind(bytes)));
  const others = parts.filter(({ bytes, name }) => !isPicture(pictureKind(bytes)) && /\.jpe?g$/i.test(name ?? ''));
  const hasPhoto = found.some(({ bytes }) => pictureKind(bytes) !== 'png');
  const pictures = found.filter(({ bytes }) => !(hasPhoto && pictureKind(bytes) === 'png' && bytes.length < LEAST_PNG));
  const salvaged = pictures.length === 0 ? salvage(raw) : [];
  return {
    text: allText(mail),
    addresses: addressesIn(mail),
    // What claims to be a JPEG and is none is handed on too: it is refused with its reason.
    pictures: pictures.length + salvaged.length > 0 ? [...pictures, ...salvaged] : others,
  };
};
