// How the web says no: a page for people, problem+json (RFC 9457) for programs, one line of text for the rest.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from './access-policy.ts';
import type { WebDeps } from './deps.ts';
import { documentOf } from './document.ts';
import { prefersJson, ranked } from './language.ts';
import { troublePage } from './pages/trouble.ts';
import { TEXTS } from './texts.ts';
import { requestLanguage } from './visit.ts';
import type { Problem } from './wire.ts';

export type TroubleKind = 'notFound' | 'badRequest' | 'failed' | 'busy' | 'refused' | 'forbidden';

const STATUS: Readonly<Record<TroubleKind, number>> = {
  badRequest: 400,
  refused: 403,
  forbidden: 403,
  notFound: 404,
  failed: 500,
  busy: 503,
};

type Form = 'page' | 'problem' | 'text';

const formFor = (request: FastifyRequest): Form => {
  if (request.url.startsWith('/api/')) return 'problem';
  const { accept } = request.headers;
  if (prefersJson(accept)) return 'problem';
  return ranked(accept ?? '').some(({ name }) => name === 'text/html') ? 'page' : 'text';
};

export const sendTrouble = (
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  kind: TroubleKind,
  why?: Refusal,
): FastifyReply => {
  const status = STATUS[kind];
  const language = requestLanguage(request, deps.language);
  const texts = TEXTS[language].trouble;
  const title = texts[kind];
  const detail = kind === 'refused' ? texts.refusedNote[why ?? 'elsewhere'] : texts[`${kind}Note`];
  reply.code(status).header('cache-control', 'no-store').header('vary', 'Accept, Accept-Language, Cookie');
  switch (formFor(request)) {
    case 'problem': {
      const problem: Problem = { type: 'about:blank', title, status, detail };
      return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
    }
    case 'text':
      return reply
        .type('text/plain; charset=utf-8')
        .send(kind === 'refused' ? `${title}. ${detail} ${texts.refusedRemedy}\n` : `${title}. ${detail}\n`);
    case 'page': {
      const remedy = kind === 'refused' ? texts.refusedRemedy : undefined;
      const page = troublePage(deps, { language, title, detail, remedy });
      return reply.type('text/html; charset=utf-8').send(documentOf(page, deps.assets));
    }
    default:
      return reply;
  }
};
