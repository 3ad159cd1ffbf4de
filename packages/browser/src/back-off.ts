/**
 * The pause before an attempt, in milliseconds, indexed by the number of consecutive failures. After more
 * failures than this list covers, no attempt is made automatically.
 */
const PAUSES = [0, 0, 1_000, 4_000, 16_000];

/** The pause after more failures than {@link PAUSES} covers, in milliseconds. */
const LONGEST = 64_000;

/** The time after which a failure no longer counts, in milliseconds; must exceed the longest pause. */
const MEMORY = 600_000;

/** The maximum delay of an API call by the app, in milliseconds. */
const OWN_CALL = 1_000;

/** Two disturbances (see {@link BackOff.disturbed}) within this time, in milliseconds, count as a failure. */
const CALM = 2_000;

/** Delays attempts after failures, so that a page never floods a server with requests. */
export interface BackOff {
  /** Schedules an attempt for the end of the current pause. */
  request(): void;
  /** Waits until an API call by the app may be executed. */
  pause(): Promise<void>;
  /**
   * Records a failure and returns the number of consecutive failures.
   *
   * @param again true to schedule another attempt, unless too many failures have occurred
   */
  failed(again: boolean): number;
  /**
   * Records a disturbance: the page or another tab has undone the latest change by this package. A single
   * disturbance is normal, and leads to an immediate call of `react`. A second disturbance soon afterwards
   * counts as a failure, and leads to an attempt after the pause.
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
