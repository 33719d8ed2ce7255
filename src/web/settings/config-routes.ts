// The whole document, as an editor has it: also while it has mistakes, and never in force unless it has none.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, StillwatchError } from '../../domain/errors.ts';
import type { ConfigDocument, ConfigReading } from '../../ports/config-document.ts';
import { isMatched } from '../api/etag.ts';
import { sendRequestTrouble, sendTableTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { requestLanguage } from '../visit.ts';
import type { ConfigView } from '../wire-settings.ts';
import { CONFIG_CHECK, CONFIG_TEXT, CONFIG_VIEW } from './schemas.ts';
import { configProblem, configView, problemsIn } from './settings-view.ts';

const tagOf = ({ revision }: ConfigReading): string => `"${revision}"`;

export const configRoutes = (api: Api, { deps }: ApiContext, document: ConfigDocument): void => {
  const access = { config: { access: { may: 'configure', of: 'site' } } } as const;
  const tags = ['settings'];
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);
  const shown = (reply: FastifyReply, reading: ConfigReading, language: Language): ConfigView => {
    // The problems may be others while the text is the same: a secret's file that came back.
    reply.header('etag', tagOf(reading)).header('cache-control', 'no-store');
    return configView(reading, language);
  };

  api.get(
    '/api/v1/config',
    {
      ...access,
      schema: {
        operationId: 'getConfig',
        tags,
        summary: 'The text of `stillwatch.yml`, and what is wrong with it',
        response: { 200: CONFIG_VIEW, ...PROBLEMS },
      },
    },
    async (request, reply) => reply.send(shown(reply, document.read(), languageOf(request))),
  );

  api.put(
    '/api/v1/config',
    {
      ...access,
      bodyLimit: 2_000_000,
      schema: {
        operationId: 'putConfig',
        tags,
        summary:
          'Puts a text in force, upon the revision in `If-Match`. A text with mistakes is refused, each with its line',
        headers: z.object({
          'if-match': z.string().max(200).optional().meta({ description: 'The ETag that was read; needed.' }),
        }),
        body: CONFIG_TEXT,
        response: { 200: CONFIG_VIEW, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const named = request.headers['if-match'];
      if (named === undefined) return sendRequestTrouble(reply, 'revisionMissing', language);
      const { revision } = document.read();
      const upon = isMatched(named.replaceAll('W/', ''), `"${revision}"`) ? revision : 'another';
      try {
        return await reply.send(shown(reply, await document.write(request.body.text, upon), language));
      } catch (thrown) {
        const problems = problemsIn(thrown);
        if (!(thrown instanceof StillwatchError) || !problems) throw thrown;
        const errors = problems.map((one) => {
          const { text, line, column } = configProblem(one, language);
          return { at: line === null ? '' : `${line}:${column ?? 1}`, detail: text };
        });
        return sendTableTrouble(reply, thrown, language, errors);
      }
    },
  );

  api.post(
    '/api/v1/config/check',
    {
      ...access,
      bodyLimit: 2_000_000,
      schema: {
        operationId: 'checkConfig',
        tags,
        summary: 'What is wrong with a text, and which cameras it would touch; nothing is written',
        body: CONFIG_TEXT,
        response: { 200: CONFIG_CHECK, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { problems, touches } = document.check(request.body.text);
      return reply.send({
        problems: problems.map((one) => configProblem(one, languageOf(request))),
        touches: touches ?? null,
      });
    },
  );

  api.get(
    '/api/v1/config/effective',
    {
      ...access,
      schema: {
        operationId: 'getEffectiveConfig',
        tags,
        summary: 'What is in force after environment, document, `.env` and defaults; secrets only by where they lie',
        response: { 200: z.record(z.string(), z.unknown()), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send(document.read().effective),
  );

  api.get(
    '/api/v1/config/schema',
    {
      ...access,
      schema: {
        operationId: 'getConfigSchema',
        tags,
        summary: 'JSON Schema (draft 7) of `stillwatch.yml`, for editors',
        response: { 200: z.record(z.string(), z.unknown()), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send(document.schema('draft-7')),
  );

  api.post(
    '/api/v1/config/migrate',
    {
      ...access,
      schema: {
        operationId: 'migrateConfig',
        tags,
        summary: 'Makes `stillwatch.yml` of `.env`, the password in a file of its own',
        response: { 201: CONFIG_VIEW, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const made = document.migration();
      if (!made) return sendRequestTrouble(reply, 'notFound', language);
      const { text, revision } = document.read();
      if (text !== '') throw new StillwatchError('SW_CONFIG_CHANGED', { file: 'stillwatch.yml' });
      for (const [name, secret] of made.secrets) await document.putSecret(name, secret);
      return reply.code(201).send(shown(reply, await document.write(made.text, revision), language));
    },
  );
};
