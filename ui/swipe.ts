// A finger drawn sideways over an element. Every swipe has a link and a key that does the same.

/** Pixels. Shorter is a tap that slipped; steeper is scrolling. */
const LEAST = 60;

/** @returns stops listening */
export const swipes = (
  element: Element | null,
  to: { readonly left: () => void; readonly right: () => void },
): (() => void) => {
  let start: Touch | undefined;
  const begin = (event: Event): void => {
    const { touches, target } = event as TouchEvent;
    // The slider is drawn sideways too.
    start = touches.length === 1 && !(target instanceof HTMLInputElement) ? touches[0] : undefined;
  };
  const end = (event: Event): void => {
    const [touch] = (event as TouchEvent).changedTouches;
    if (!start || !touch) return;
    const [across, down] = [touch.clientX - start.clientX, touch.clientY - start.clientY];
    start = undefined;
    if (Math.abs(across) < LEAST || Math.abs(across) < 2 * Math.abs(down)) return;
    if (across < 0) to.left();
    else to.right();
  };
  element?.addEventListener('touchstart', begin, { passive: true });
  element?.addEventListener('touchend', end, { passive: true });
  return () => {
    element?.removeEventListener('touchstart', begin);
    element?.removeEventListener('touchend', end);
  };
};
