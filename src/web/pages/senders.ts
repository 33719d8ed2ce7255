// Cameras that send by themselves, in the site's one sentence.

import { contactState } from '../../domain/contact.ts';
import type { InboxCamera } from '../../domain/inbox.ts';
import { allows } from '../../domain/permission.ts';
import { TEXTS } from '../texts.ts';
import type { SentencePart } from '../wire-pages.ts';
import type { Visit } from './frame.ts';

/** The cameras that whoever asks may see. */
export const visibleSenders = ({ deps, request }: Visit): readonly InboxCamera[] =>
  deps.inbox?.settings.cameras.filter(({ id }) => allows(request.principal, 'view', id)) ?? [];

/** What the site's sentence says of them; nothing where there are none. */
export const pushedSentence = (visit: Visit): readonly SentencePart[] => {
  const pages = visit.deps.inbox;
  const cameras = visibleSenders(visit);
  if (!pages || cameras.length === 0) return [];
  const { inbox } = TEXTS[visit.language];
  const now = visit.deps.clock.now().wall;
  const quiet = cameras.filter(({ id }) => contactState(pages.contactOf(id), now) === 'quiet').length;
  return [
    { text: inbox.sentence(cameras.length), tone: null, href: '/inbox' },
    ...(quiet > 0 ? [{ text: inbox.quietSome(quiet), tone: 'bad' as const, href: null }] : []),
  ];
};
