// Whose picture it is, when several cameras deliver through one account: a recorder that sends for its cameras, or a mailbox they
// all write to. Said by the owner, camera by camera; what nobody is recognised by belongs to the account itself.

import type { CameraExifFacts } from './camera-exif.ts';
import type { CameraReport } from './delivery.ts';
import type { CameraId } from './ids.ts';
import type { InboxCamera, RecognitionRule } from './inbox.ts';

export interface Clues {
  readonly name: string | undefined;
  /** Addresses a mail came from and went to. */
  readonly addresses: readonly string[];
  readonly exif: Pick<CameraExifFacts, 'serial' | 'model'>;
  readonly report: Pick<CameraReport, 'imei' | 'serial' | 'model'>;
}

const plain = (text: string): string => text.trim().toLowerCase();

/** `yard` fits `/yard/a.jpg`, `in/yard/a.jpg` and `yard_01.jpg`, not `backyard/a.jpg`. */
const fitsPath = (rule: string, name: string): boolean => {
  const wanted = plain(rule)
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '');
  if (wanted === '') return false;
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|/)${escaped}(?![\\p{L}\\d])`, 'u').test(plain(name).replaceAll('\\', '/'));
};

export const fitsMail = ({ mail }: RecognitionRule, addresses: readonly string[]): boolean =>
  mail !== undefined && addresses.some((address) => plain(address) === plain(mail));

const fits = (rule: RecognitionRule, { name, addresses, exif, report }: Clues): boolean => {
  if (rule.path !== undefined && name !== undefined && fitsPath(rule.path, name)) return true;
  if (fitsMail(rule, addresses)) return true;
  const wanted = rule.exif === undefined ? undefined : plain(rule.exif);
  const marks = [exif.serial, report.imei, report.serial, exif.model, report.model];
  return wanted !== undefined && marks.some((mark) => mark !== undefined && plain(mark) === wanted);
};

/** @param account who delivers, by its key */
export const recognised = (account: CameraId, clues: Clues, cameras: readonly InboxCamera[]): CameraId =>
  cameras.find(({ recognise }) => recognise?.through === account && fits(recognise, clues))?.id ?? account;
