import type { Identity } from '@chatwoot-identity/core/wire';
import type { Status } from './report.js';
import type { Owner } from './session.js';
import type { WidgetState } from './widget.js';

/** The user who should be in the chat. */
export type Wanted =
  /** The request to the endpoint is pending or has failed. The chat stays hidden. */
  { who: 'unknown'; failure?: string } | { who: 'anonymous' } | { who: 'user'; identity: Identity };

/** The identity that was sent to the widget, as JSON, and its outcome. Only a wrong hash is `refused` permanently. */
export interface Sent {
  message: string;
  outcome: 'connecting' | 'connected' | 'refused';
}

/** Everything that decides what happens next. */
export interface State {
  wanted: Wanted;
  /** The owner of the session that the widget has or would resume. */
  owner: Owner;
  widget: WidgetState;
  sent: Sent | undefined;
  /** Whether the browser holds no chat session, so that the widget can start before it is known who is signed in. */
  fresh: boolean;
  /** Whether only users get the chat. */
  usersOnly: boolean;
  suspended: boolean;
}

/**
 * An action; the status to report if there is nothing to do for now; or `wait` for the endpoint, with the status
 * unchanged.
 */
export type Step = 'end session' | 'start widget' | 'send user' | 'wait' | Status;

/** The next step from the actual state towards the wanted one. */
export function nextStep({ wanted, owner, widget, sent, fresh, usersOnly, suspended }: State): Step {
  if (wanted.who !== 'unknown' && owner === 'other user') return 'end session';
  if (suspended) return 'idle';
  if (wanted.who === 'unknown') return widget === 'absent' && fresh && !usersOnly ? 'start widget' : 'wait';
  if (widget === 'loading') return 'connecting';
  if (wanted.who === 'anonymous' && (usersOnly || widget === 'ready')) return 'anonymous';
  if (wanted.who === 'anonymous' || widget !== 'ready') return 'start widget';
  return sent?.message === JSON.stringify(wanted.identity) ? sent.outcome : 'send user';
}
