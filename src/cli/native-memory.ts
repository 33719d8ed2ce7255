// How the allocators of a capture process behave. They read these words once, when a process begins, so they can only be set by
// whoever starts it. Other C libraries and systems do not know theirs and are as they were. Choices: ADR 0136, 0137.

/** One arena instead of eight per core, so that what one camera leaves is taken by the next; blocks of a mebibyte and more come from the system and go back to it (mallopt(3)). */
const RETURNED: Readonly<NodeJS.ProcessEnv> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** @returns the environment for a capture process; what the owner has set is left as it is */
export const captureEnvironment = (own: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv => ({ ...RETURNED, ...own });

/**
 * Mebibytes. Each half of V8's young generation grows to 16 MiB in a process that reads packets all the time, for objects that
 * live for milliseconds: kept small it is swept more often and faster.
 */
const YOUNG_HALF_MB = 1;

/** @returns Node's own arguments for a capture process; what the owner has set is left as it is */
export const captureArguments = (own: readonly string[]): string[] => [
  `--max-semi-space-size=${YOUNG_HALF_MB}`,
  ...own,
];
