// Cameras that send by themselves, in the site's one sentence.

import type { FastifyRequest } from 'fastify';
import { contactState } from '../../domain/contact.ts';
import type { Language } from '../../domain/errors.ts';
import type { InboxCamera } from '../../domain/inbox.ts';
import { allows } from '../../domain/permission.ts';
import type { WebDeps } from '../deps.ts';
import { TEXTS } from '../texts.ts';
import type { SentencePart } from '../wire-pages.ts';

/** Who asks, and for what web. */
export interface Asker {
  readonly deps: Pick<WebDeps, 'inbox' | 'clock'>;
  readonly request: Pick<FastifyRequest, 'principal'>;
  readonly language: Language;
}

/** The cameras that whoever asks may see. */
export const visibleSenders = ({ deps, request }: Asker): readonly InboxCamera[] =>
  deps.inbox?.settings.cameras.filter(({ id }) => allows(request.principal, 'view', id)) ?? [];

/** What the site's sentence says of them; nothing where there are none. */
export const pushedSentence = (visit: Asker): readonly SentencePart[] => {
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
