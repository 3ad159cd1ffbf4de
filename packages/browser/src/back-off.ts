/**
 * The pause after the latest failure, in milliseconds, indexed by the number of consecutive failures. When the list is
 * used up, there are no more automatic attempts.
 */
const PAUSES = [0, 0, 1_000, 4_000, 16_000];

/** The pause after more failures than the list has, in milliseconds. */
const LONGEST = 64_000;

/** Failures longer ago than this, in milliseconds, do not count. It must exceed the longest pause. */
const MEMORY = 600_000;

/** The longest time that a call by the app is delayed, in milliseconds. */
const OWN_CALL = 1_000;

/** Two disturbances within this time, in milliseconds, count as a failure. */
const CALM = 2_000;

/** Delays the attempts that follow failures, so that a page never floods a server with requests. */
export interface BackOff {
  /** Makes an attempt as soon as the pause is over. */
  request(): void;
  /** Resolves when a call by the app may be carried out. */
  pause(): Promise<void>;
  /**
   * Records a failure, and returns the number of consecutive failures.
   *
   * @param again whether to make another attempt automatically, unless there were too many failures already
   */
  failed(again: boolean): number;
  /**
   * Records that the page has undone our last change. A single disturbance is normal, so `react` is called immediately. A
   * second one soon afterwards counts as a failure, and an attempt is made after the pause.
   */
  disturbed(react: () => void): void;
}

export function createBackOff(attempt: () => void): BackOff {
  // performance.now(), because the clock of the computer may be set back.
  let failures = 0;
  let failedAt = 0;
  let disturbedAt = -CALM;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const rest = (limit: number) => failedAt + Math.min(PAUSES[failures] ?? LONGEST, limit) - performance.now();

  function request(): void {
    clearTimeout(timer);
    timer = setTimeout(attempt, rest(LONGEST));
  }

  function failed(again: boolean): number {
    if (performance.now() - failedAt > MEMORY) failures = 0;
    failedAt = performance.now();
    failures++;
    if (again && failures < PAUSES.length) request();
    return failures;
  }

  return {
    request,
    failed,
    async pause() {
      const time = rest(OWN_CALL);
      if (time > 0) await new Promise((resolve) => setTimeout(resolve, time));
    },
    disturbed(react) {
      if (performance.now() - disturbedAt > CALM) {
        react();
      } else {
        failed(false);
        request();
      }
      disturbedAt = performance.now();
    },
  };
}
