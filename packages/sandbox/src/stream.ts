import type { Response } from 'express';

/** The open server-sent event streams of a sandbox. Closing the sandbox closes all its streams. */
export class EventStreams {
  readonly #open = new Set<Response>();

  /**
   * Turns the response into an event stream and returns its `send` function. Calls `onClose` once, when the
   * client or the sandbox closes the stream.
   */
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
