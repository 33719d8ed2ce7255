// Keys that mean something wherever one is; those of a page are the page's own.

/** True while a key is text, or belongs to the browser. */
export const isTyping = (event: KeyboardEvent): boolean => {
  const { target } = event;
  const isField =
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range');
  return isField || event.ctrlKey || event.metaKey || event.altKey;
};
