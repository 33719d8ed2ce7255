// The server's clock, as near as this browser knows it, for what counts down. A phone's own clock may be minutes off.

let now = $state(0);
let offset = 0;
/** When each camera's calm period ends, told since the page was made. */
const moved: Record<string, number> = $state({});

/** Milliseconds since 1970; 0 until the browser runs. */
export const serverNow = (): number => now;

export const setServerTime = (nowMs: number): void => {
  offset = nowMs - Date.now();
};

export const calmAtOf = (camera: string, drawn: number): number => Math.max(moved[camera] ?? 0, drawn);

export const moveCalm = (camera: string, calmAtMs: number): void => {
  moved[camera] = calmAtMs;
};

/** Ten steps a second look even at 64 px and cost a tenth of a frame-by-frame drawing. */
export const runClock = (): void => {
  // One who asked for less motion gets a step a second; the numbers say the same.
  const isStill = matchMedia('(prefers-reduced-motion: reduce)');
  const run = (): void => {
    const isCounting = document.visibilityState === 'visible' && document.querySelector('[data-calm-at]') !== null;
    if (isCounting) now = Date.now() + offset;
    setTimeout(run, isCounting ? (isStill.matches ? 1000 : 100) : 500);
  };
  run();
};
