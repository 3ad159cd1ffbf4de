/** The number of consecutive failures that are followed by an automatic attempt. */
const AUTOMATIC = 4;

/** Failures longer ago than this, in milliseconds, do not count. It must exceed the longest wait. */
const MEMORY = 600_000;

/** Delays the attempts that follow failures. */
export interface BackOff {
  /** How long to wait from now, in milliseconds, if the pause after a failure is at most `limit`. */
  wait(limit?: number): number;
  /** Makes an attempt as soon as the wait is over. */
  request(): void;
  /**
   * Records a failure, and returns the number of consecutive failures.
   *
   * @param again whether to make another attempt automatically, unless there were too many failures already
   */
  failed(again: boolean): number;
}

/**
 * The attempt after the first failure is immediate. The next ones follow 1, 4, 16, 64 and 256 seconds after the latest
 * failure.
 */
export function createBackOff(attempt: () => void): BackOff {
  let failures = 0;
  let failedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    wait(limit = Number.POSITIVE_INFINITY) {
      const pause = failures < 2 ? 0 : 1_000 * 4 ** Math.min(failures - 2, 4);
      return Math.max(0, failedAt + Math.min(pause, limit) - Date.now());
    },
    request() {
      clearTimeout(timer);
      timer = setTimeout(attempt, this.wait());
    },
    failed(again) {
      if (Date.now() - failedAt > MEMORY) failures = 0;
      failedAt = Date.now();
      failures++;
      if (again && failures <= AUTOMATIC) this.request();
      return failures;
    },
  };
}
