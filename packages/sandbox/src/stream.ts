import type { Response } from 'express';

/** The open server-sent event streams of a sandbox; they end with it. */
export class EventStreams {
  readonly #open = new Set<Response>();

  /** Turns the response into a stream; `onClose` runs once, when either side has gone. */
  open(response: Response, onClose: () => void): (event: string, data: unknown) => void {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    this.#open.add(response);
    response.on('close', () => {
      this.#open.delete(response);
      onClose();
    });
    return (event, data) => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
  }

  close(): void {
    for (const response of this.#open) response.end();
  }
}
