// Works between the page and the server: without a connection it shows the offline page, with the last previews that were
// seen on this device. It never answers a question about now from what it keeps: pages and the API always ask the server.

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface AskedEvent extends WaitingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope extends EventTarget {
  readonly location: Location;
  skipWaiting(): Promise<void>;
}
const worker = self as unknown as WorkerScope;

/** Named after the script that registered it: a new release fills a new one. */
const SHELL = `shell-${new URL(worker.location.href).searchParams.get('v') ?? ''}`;
/** The same name in offline-photos.ts. */
const PHOTOS = 'photos';
/** Previews kept: a contact sheet's worth, about 1 MB. */
const MOST_PHOTOS = 50;
const OFFLINE = '/offline';

const fill = async (): Promise<void> => {
  const shell = await caches.open(SHELL);
  const page = await fetch(OFFLINE, { cache: 'reload', headers: { accept: 'text/html' } });
  const text = await page.clone().text();
  await shell.put(OFFLINE, page);
  const named = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url = '']) => url);
  // Of the scripts, those that they load in turn: the texts of both languages, the page's own part.
  const script = named.find((url) => /\/client-/.test(url));
  const parts = script ? (await (await fetch(script)).text()).matchAll(/\.\/([\w-]+\.js)/g) : [];
  const wanted = new Set([...named, ...[...parts].map(([, name = '']) => `/assets/${name}`)]);
  await shell.addAll([...wanted].filter((url) => !url.endsWith('.webmanifest')));
};

const clean = async (): Promise<void> => {
  for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== SHELL) await caches.delete(name);
};

const navigate = async (request: Request): Promise<Response> => {
  try {
    const answer = await fetch(request);
    // Whoever may no longer look finds nothing here either.
    const isClosed = answer.status === 401 || answer.status === 403 || new URL(answer.url).pathname === '/login';
    if (isClosed) await caches.delete(PHOTOS);
    return answer;
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
};

const asset = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

const keep = async (request: Request, answer: Response): Promise<void> => {
  const photos = await caches.open(PHOTOS);
  // Put in anew, so that what was seen last is at the end.
  await photos.delete(request);
  await photos.put(request, answer);
  const kept = await photos.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PHOTOS))) await photos.delete(old);
};

const preview = async (event: AskedEvent): Promise<Response> => {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch {
    return (await caches.match(event.request)) ?? Response.error();
  }
};

worker.addEventListener('install', (event) => {
  (event as WaitingEvent).waitUntil(fill().then(() => worker.skipWaiting()));
});
worker.addEventListener('activate', (event) => (event as WaitingEvent).waitUntil(clean()));
worker.addEventListener('fetch', (happened) => {
  const event = happened as AskedEvent;
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(navigate(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (url.pathname.startsWith('/snapshots/') && url.searchParams.has('w')) event.respondWith(preview(event));
});
