// How the allocator of a capture process behaves. The C library reads these words once, when a process begins, so they can only be
// set by whoever starts it. Other C libraries and systems do not know them and are as they were. Choice: ADR 0136.

/** Two arenas instead of eight per core; blocks of a mebibyte and more come from the system and go back to it (mallopt(3)). */
const RETURNED: Readonly<NodeJS.ProcessEnv> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** @returns the environment for a capture process; what the owner has set is left as it is */
export const captureEnvironment = (own: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv => ({ ...RETURNED, ...own });
