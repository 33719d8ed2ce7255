// How the API says no: RFC 9457, with our code, cause and remedy where the trouble is one of the table's.

import type { FastifyReply } from 'fastify';
import type { Language, StillwatchError, StillwatchErrorCode } from '../../domain/errors.ts';
import type { ApiProblem } from '../wire-api.ts';

/** What is wrong with a request, rather than with a camera or a disk. */
export type RequestTrouble =
  | 'invalid'
  | 'notFound'
  | 'login'
  | 'otherPage'
  | 'refused'
  | 'inUse'
  | 'changed'
  | 'keyReused'
  | 'revisionMissing'
  | 'tooMany'
  | 'failed';

const ROWS: Readonly<
  Record<
    RequestTrouble,
    { readonly status: number } & Readonly<Record<Language, readonly [title: string, detail: string]>>
  >
> = {
  invalid: {
    status: 400,
    en: ['Invalid request', 'Something in the request is not as the API’s description says.'],
    da: ['Ugyldig forespørgsel', 'Noget i forespørgslen er ikke, som API’ets beskrivelse siger.'],
  },
  login: {
    status: 401,
    en: ['Log in', 'This needs a login, or an API token in the header Authorization: Bearer.'],
    da: ['Log ind', 'Dette kræver et login eller et API-token i headeren Authorization: Bearer.'],
  },
  otherPage: {
    status: 403,
    en: [
      'Sent by another page',
      'A request that changes something must come from a page of this Stillwatch, or carry an API token.',
    ],
    da: [
      'Sendt af en anden side',
      'En forespørgsel, der ændrer noget, skal komme fra en side i denne Stillwatch eller have et API-token.',
    ],
  },
  refused: {
    status: 403,
    en: ['Not allowed', 'You may not do this.'],
    da: ['Ikke tilladt', 'Det må du ikke.'],
  },
  notFound: {
    status: 404,
    en: ['Not found', 'There is nothing here, or you may not see it.'],
    da: ['Ikke fundet', 'Her er ikke noget, eller du må ikke se det.'],
  },
  inUse: {
    status: 409,
    en: ['Not now', 'This is being worked on right now. Try again in a moment.'],
    da: ['Ikke lige nu', 'Der arbejdes på dette lige nu. Prøv igen om et øjeblik.'],
  },
  changed: {
    status: 412,
    en: ['Changed meanwhile', 'Somebody changed this since you read it. Read it again, then decide.'],
    da: ['Ændret imens', 'Nogen har ændret dette, siden du læste det. Læs det igen, og afgør så.'],
  },
  keyReused: {
    status: 422,
    en: ['Idempotency-Key used before', 'This Idempotency-Key belongs to another request.'],
    da: ['Idempotency-Key brugt før', 'Denne Idempotency-Key hører til en anden forespørgsel.'],
  },
  revisionMissing: {
    status: 428,
    en: ['If-Match is missing', 'Say with If-Match which revision you have read.'],
    da: ['If-Match mangler', 'Sig med If-Match, hvilken revision du har læst.'],
  },
  tooMany: {
    status: 429,
    en: ['Too many requests', 'Wait for the time that Retry-After names.'],
    da: ['For mange forespørgsler', 'Vent den tid, som Retry-After nævner.'],
  },
  failed: {
    status: 500,
    en: ['It went wrong here', 'The log of Stillwatch says more.'],
    da: ['Det gik galt her', 'Stillwatchs log siger mere.'],
  },
};

/** Statuses of table errors that mean something by themselves; the others follow from the remedy. */
const STATUS_OF: Readonly<Partial<Record<StillwatchErrorCode, number>>> = {
  SW_CAMERA_UNKNOWN: 404,
  SW_LOGIN_REFUSED: 401,
  SW_LOGIN_WAIT: 429,
  SW_LOGIN_BUSY: 503,
  SW_PASSWORD_WEAK: 422,
  SW_ACCOUNT_UNKNOWN: 404,
  SW_ACCOUNT_NAME: 409,
  SW_ACCOUNT_LAST_OWNER: 409,
  SW_SETUP_KEY: 403,
  SW_SETUP_DONE: 409,
  SW_PHOTO_UNKNOWN: 404,
  SW_STORE_FULL: 507,
  SW_CONFIG_CHANGED: 412,
  SW_CONFIG_PROBLEMS: 422,
  SW_CONFIG_FIXED: 409,
  SW_CAMERA_EXISTS: 409,
  SW_RECEIVER_UNKNOWN: 404,
  SW_RECEIVER_EXISTS: 409,
};

const statusOf = (error: StillwatchError): number =>
  STATUS_OF[error.code] ?? (error.code.startsWith('SW_CONFIG_') ? 422 : error.remedy === 'give-up' ? 500 : 503);

const send = (reply: FastifyReply, problem: ApiProblem): FastifyReply =>
  reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', vary: 'Accept, Accept-Language, Cookie' })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));

export const sendRequestTrouble = (
  reply: FastifyReply,
  trouble: RequestTrouble,
  language: Language,
  errors?: ApiProblem['errors'],
): FastifyReply => {
  const { status, [language]: words } = ROWS[trouble];
  const [title, detail] = words;
  return send(reply, { type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) });
};

/** The table's own sentence, and its code. */
export const problemOf = (error: StillwatchError, language: Language): ApiProblem => ({
  type: `/api/v1/errors#${error.code}`,
  title: error.code,
  status: statusOf(error),
  detail: error.text(language),
  code: error.code,
});

export const sendTableTrouble = (
  reply: FastifyReply,
  error: StillwatchError,
  language: Language,
  errors?: ApiProblem['errors'],
): FastifyReply => send(reply, { ...problemOf(error, language), ...(errors ? { errors } : {}) });

/** What the validator found, place by place. */
export const validationErrors = (thrown: {
  readonly validation?: readonly { readonly instancePath?: string; readonly message?: string }[];
  readonly validationContext?: string;
}): ApiProblem['errors'] =>
  thrown.validation?.map(({ instancePath = '', message = '' }) => ({
    at: `${thrown.validationContext ?? ''}${instancePath}`,
    detail: message,
  })) ?? [];
