// /login, /logout and /setup: forms that need no script. The words are here, beside the two pages that say them.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Language, type StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import { sendView } from '../document.ts';
import { type Html, html, render } from '../html.ts';
import { setupPage } from '../pages/set-up.ts';
import { requestLanguage } from '../visit.ts';
import type { AuthDeps } from './deps.ts';
import { claimSite, logIn } from './login.ts';
import { endSession, giveSession, visitOf } from './session-api.ts';

const WORDS = {
  en: {
    login: 'Log in',
    name: 'Name',
    password: 'Password',
    code: 'Code from your authenticator app, if you have switched it on',
    logout: 'Log out',
    loggedIn: 'You are logged in as',
  },
  da: {
    login: 'Log ind',
    name: 'Navn',
    password: 'Adgangskode',
    code: 'Kode fra din godkendelsesapp, hvis du har slået den til',
    logout: 'Log ud',
    loggedIn: 'Du er logget ind som',
  },
} satisfies Record<Language, Record<string, string>>;

/** Three fields and a path. */
const FORM_LIMIT = 8 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** A path of this site and nothing else: `//evil.example` and `/\evil.example` are addresses elsewhere. */
export const safeNext = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : '/';

const field = (request: FastifyRequest, name: string): string => {
  const value = (request.body as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === 'string' ? value.slice(0, 1024) : '';
};

export const loginPages = (app: FastifyInstance, deps: WebDeps, auth: AuthDeps): void => {
  const page = (request: FastifyRequest, reply: FastifyReply, title: string, body: Html): FastifyReply => {
    const language = requestLanguage(request, deps.language);
    const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title} · Stillwatch</title>
<link rel="icon" type="image/svg+xml" href="${deps.assets.icon}">
<link rel="stylesheet" href="${deps.assets.style}">
</head>
<body>
<main id="content"><section class="note">
<h1>${title}</h1>
${body}
</section></main>
</body>
</html>
`;
    return reply
      .headers({ 'cache-control': 'no-store', vary: 'Accept-Language, Cookie' })
      .type('text/html; charset=utf-8')
      .send(render(document));
  };
  const wordsOf = (request: FastifyRequest): (typeof WORDS)[Language] => WORDS[requestLanguage(request, deps.language)];
  const trouble = (request: FastifyRequest, error: StillwatchError | undefined): Html | undefined =>
    error && html`<p role="alert"><strong>${error.text(requestLanguage(request, deps.language))}</strong></p>`;

  const loginForm = (
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
    error?: StillwatchError,
  ): FastifyReply => {
    const words = wordsOf(request);
    const { principal } = request;
    return page(
      request,
      reply,
      words.login,
      html`${trouble(request, error)}
${principal.kind === 'user' && html`<form method="post" action="/logout"><p>${words.loggedIn} ${principal.name}. <button class="button">${words.logout}</button></p></form>`}
<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
<p class="field"><label for="name">${words.name}</label><input id="name" name="name" autocomplete="username" required maxlength="40" value="${field(request, 'name')}"></p>
<p class="field"><label for="password">${words.password}</label><input id="password" type="password" name="password" autocomplete="current-password" required></p>
<p class="field"><label for="code">${words.code}</label><input id="code" name="code" autocomplete="one-time-code" maxlength="40"></p>
<p><button class="button">${words.login}</button></p>
</form>`,
    );
  };
  const setupForm = (request: FastifyRequest, reply: FastifyReply, error?: StillwatchError): FastifyReply => {
    const language = requestLanguage(request, deps.language);
    const { passwordLength } = auth.policy;
    const data = { passwordLength, name: field(request, 'name'), trouble: error?.text(language) ?? null };
    return sendView(request, reply, setupPage(deps, language, data), deps.assets).header('cache-control', 'no-store');
  };
  const failed = (reply: FastifyReply, thrown: unknown): StillwatchError => {
    const error = toStillwatchError(thrown);
    if (error.code === 'SW_UNEXPECTED') throw thrown;
    reply.code(error.code === 'SW_LOGIN_WAIT' ? 429 : 403);
    return error;
  };

  app.register(async (forms) => {
    forms.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: FORM_LIMIT }, (_, body, parsed) =>
      parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const open = { config: { access: 'public' }, bodyLimit: FORM_LIMIT } as const;
    forms.get<{ Querystring: { next?: string } }>('/login', open, async (request, reply) => {
      if ((await auth.accounts.users()).length === 0) return reply.redirect('/setup', 303);
      return loginForm(request, reply, safeNext(request.query.next));
    });
    forms.post('/login', open, async (request, reply) => {
      const next = safeNext(field(request, 'next'));
      try {
        const wanted = {
          name: field(request, 'name'),
          password: field(request, 'password'),
          code: field(request, 'code'),
        };
        await giveSession(request, reply, auth, await logIn(auth, wanted, visitOf(request, deps)));
      } catch (thrown) {
        return loginForm(request, reply, next, failed(reply, thrown));
      }
      return reply.redirect(next, 303);
    });
    forms.post('/logout', open, async (request, reply) => {
      await endSession(request, reply, deps);
      return reply.redirect('/login', 303);
    });
    forms.get('/setup', open, async (request, reply) => {
      if ((await auth.accounts.users()).length > 0) return reply.redirect('/login', 303);
      return setupForm(request, reply);
    });
    forms.post('/setup', open, async (request, reply) => {
      try {
        const claim = {
          key: field(request, 'key'),
          name: field(request, 'name'),
          password: field(request, 'password'),
        };
        await giveSession(request, reply, auth, await claimSite(auth, claim, visitOf(request, deps)));
      } catch (thrown) {
        return setupForm(request, reply, failed(reply, thrown));
      }
      // Nothing is watched yet: the camera is next.
      return reply.redirect(deps.status().cameras.length === 0 ? '/cameras/add' : '/', 303);
    });
  });
};
