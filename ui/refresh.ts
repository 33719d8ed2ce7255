// Fetches the page again and puts in what differs, node by node: what is the same stays, with its focus, its scroll and its photo.

/** Milliseconds. A blind camera that comes and goes, or a burst of photos, is one refresh. */
const GATHER = 120;

/** Nodes that are the same thing before and after: by id, or by being alike. */
const patch = (old: Element, fresh: Element): void => {
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) {
    const value = fresh.getAttribute(name) ?? '';
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  let next = old.firstChild;
  for (const node of fresh.childNodes) {
    const same = sameThing(old, next, node);
    if (!same) {
      old.insertBefore(document.importNode(node, true), next);
      continue;
    }
    if (same === next) next = next.nextSibling;
    else old.insertBefore(same, next);
    if (same.isEqualNode(node)) continue;
    if (same instanceof Element && node instanceof Element) patch(same, node);
    else same.textContent = node.textContent;
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
};

/** The node of `old` that `node` is the new version of: the one with its id, else the next one if it is of its kind and nameless. */
function sameThing(old: Element, next: Node | null, node: Node): ChildNode | undefined {
  if (node instanceof Element && node.id) {
    const known = old.ownerDocument.getElementById(node.id);
    return known?.parentNode === old && known.localName === node.localName ? known : undefined;
  }
  if (!next || next.nodeType !== node.nodeType || next.nodeName !== node.nodeName) return undefined;
  return next instanceof Element && next.id ? undefined : (next as ChildNode);
}

/** Decodes the photo that is about to be the large one, so that it replaces the old one at once instead of piece by piece. */
const decodeFirst = async (fresh: Document): Promise<void> => {
  const image = fresh.querySelector<HTMLImageElement>('#newest img');
  const now = document.querySelector<HTMLImageElement>('#newest img');
  if (!image || image.getAttribute('src') === now?.getAttribute('src')) return;
  const ahead = new Image();
  ahead.sizes = image.sizes;
  ahead.srcset = image.srcset;
  ahead.src = image.getAttribute('src') ?? '';
  await ahead.decode().catch(() => undefined);
};

/** Tells those who do not see the page that a photo has come. */
const say = (before: string | undefined): void => {
  const newest = document.querySelector<HTMLElement>('#newest[data-still]');
  const said = document.getElementById('said');
  if (!newest || !said || newest.dataset['still'] === before) return;
  said.textContent = (said.dataset['arrived'] ?? '').replace('{time}', newest.dataset['time'] ?? '');
};

const fetchPage = async (): Promise<void> => {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  await decodeFirst(fresh);
  const before = document.querySelector<HTMLElement>('#newest[data-still]')?.dataset['still'];
  for (const region of document.querySelectorAll('[data-live]')) {
    const match = fresh.getElementById(region.id);
    if (!match) continue;
    if (match.localName === region.localName) patch(region, match);
    else region.replaceWith(document.importNode(match, true));
  }
  say(before);
};

/** @returns asks for a refresh; those asked for while one runs become one more */
export const refresher = (): (() => void) => {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isWanted) {
      await new Promise((resolve) => setTimeout(resolve, GATHER));
      isWanted = false;
      // A server that is away is the connection's to tell; it refreshes when it is back.
      await fetchPage().catch(() => undefined);
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
};
