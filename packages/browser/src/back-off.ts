/** The number of failures in a row that are followed by another attempt without a request. */
const AUTOMATIC = 4;

/** Failures longer ago than this, in milliseconds, do not count. It is longer than the longest wait. */
const MEMORY = 600_000;

/** Spaces attempts after failures. */
export interface BackOff {
  /** How long to wait from now, at most `limit`, in milliseconds. */
  wait(limit?: number): number;
  /** Makes an attempt as soon as the wait is over. */
  request(): void;
  /**
   * Notes a failure, and returns the number of failures in a row.
   *
   * @param again whether to make another attempt without a request, unless there were many already
   */
  failed(again: boolean): number;
}

/** Attempts come at once after the first failure, then 1, 4, 16, 64 and 256 seconds after the last one. */
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
