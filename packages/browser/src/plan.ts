import type { Identity } from '@chatwoot-identity/core/wire';
import type { Status } from './report.js';
import type { Owner } from './session.js';
import type { WidgetState } from './widget.js';

/** The user who should be identified in the chat. */
export type Wanted =
  /**
   * The user is unknown, and the chat is hidden, while the request to the endpoint is pending and after it
   * has failed.
   */
  { who: 'unknown'; failure?: string } | { who: 'anonymous' } | { who: 'user'; identity: Identity };

/**
 * The identity that was sent to the widget, as JSON, and whether Chatwoot accepted it. The outcome `refused`
 * is permanent and occurs only for a wrong hash.
 */
export interface Sent {
  message: string;
  outcome: 'connecting' | 'connected' | 'refused';
}

/** The state that determines the next step. */
export interface State {
  wanted: Wanted;
  /** The owner of the session that the widget has or would resume. */
  owner: Owner;
  widget: WidgetState;
  sent: Sent | undefined;
  /**
   * Whether the browser has no chat session, so that the widget can start before the signed-in user is known.
   */
  fresh: boolean;
  /** Whether only signed-in users get the chat. */
  usersOnly: boolean;
  suspended: boolean;
}

/**
 * The next step: an action, the status to report if no action is needed for now, or `wait`. `wait` means
 * waiting for the endpoint without changing the status.
 */
export type Step = 'end session' | 'start widget' | 'send user' | 'wait' | Status;

/** Returns the next step from the actual state towards the wanted state. */
export function nextStep({ wanted, owner, widget, sent, fresh, usersOnly, suspended }: State): Step {
  if (wanted.who !== 'unknown' && owner === 'other user') return 'end session';
  if (suspended) return 'idle';
  if (wanted.who === 'unknown') return widget === 'absent' && fresh && !usersOnly ? 'start widget' : 'wait';
  if (widget === 'loading') return 'connecting';
  if (wanted.who === 'anonymous' && (usersOnly || widget === 'ready')) return 'anonymous';
  if (wanted.who === 'anonymous' || widget !== 'ready') return 'start widget';
  return sent?.message === JSON.stringify(wanted.identity) ? sent.outcome : 'send user';
}
