import type { Identity } from './identity.js';
import { isSame, type Owner } from './owner.js';
import type { Status } from './report.js';

/** The user who should be in the chat. `unknown`: the chat stays hidden. */
export type Wanted =
  | { who: 'unknown' }
  | { who: 'anonymous' }
  | { who: 'user'; identifier: string; identity: Identity; message: string };

/** Everything that decides what happens next. */
export interface State {
  wanted: Wanted;
  /** The owner of the session that the widget has or would resume. */
  occupant: Owner;
  widget: 'absent' | 'loading' | 'ready' | 'lost';
  /** The message that was sent to the widget's current document. */
  sent: { message: string; accepted: boolean } | undefined;
  /** The message that Chatwoot refused. It is not sent again unless `again` is set. */
  refusal: { message: string; reason: 'hash' | 'error'; again: boolean } | undefined;
  /** Whether the browser holds no chat session, so that the widget can start before it is known who is signed in. */
  fresh: boolean;
  anonymous: 'show' | 'hide' | undefined;
  suspended: boolean;
}

/**
 * An action; the status to report if there is nothing to do for now; or `wait` for a response, with the status
 * unchanged.
 */
export type Step = 'forget session' | 'end session' | 'start widget' | 'send user' | 'wait' | Status;

/** The next step from the actual state towards the wanted one. */
export function nextStep(state: State): Step {
  const { wanted, occupant, widget, sent, refusal, fresh, anonymous, suspended } = state;
  if (wanted.who === 'unknown')
    return widget === 'absent' && fresh && anonymous !== 'hide' && !suspended ? 'start widget' : 'wait';
  if (occupant.who !== 'anonymous' && !isSame(occupant, wanted)) {
    if (widget !== 'loading') return 'end session';
    // The widget may still resume that session, which is ended once the widget has loaded.
    return occupant.who === 'user' ? 'forget session' : 'connecting';
  }
  if (suspended) return 'idle';
  if (widget === 'loading') return 'connecting';
  if (wanted.who === 'anonymous' && (anonymous === 'hide' || widget === 'ready')) return 'anonymous';
  if (wanted.who === 'anonymous' || widget !== 'ready') return 'start widget';
  const refused = refusal?.message === wanted.message;
  if (refused && !refusal.again) return 'refused';
  if (sent?.message !== wanted.message) return 'send user';
  if (sent.accepted) return 'connected';
  return refused ? 'refused' : 'connecting'; // the status stays `refused` until another attempt is accepted
}
