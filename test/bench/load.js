// @ts-check
import { once } from 'node:events';
import net from 'node:net';

/**
 * Opens keep-alive connections to a server. Each connection can request a page repeatedly.
 *
 * @param {number} port
 * @param {number} count
 */
export async function connect(port, count) {
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = net.connect(port, '127.0.0.1').setNoDelay();
      await once(socket, 'connect');
      return socket;
    }),
  );

  return {
    /**
     * Requests a path repeatedly and counts the responses. Parses only enough to find the end of each response, so that
     * the client needs little CPU time.
     *
     * @param {string} path
     * @param {{ milliseconds: number, headers: Record<string, string> }} options
     * @returns {Promise<number>} the number of complete responses
     */
    async ask(path, { milliseconds, headers }) {
      const fields = Object.entries({ host: `127.0.0.1:${port}`, ...headers });
      const request = Buffer.from(
        `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      );
      const until = performance.now() + milliseconds;
      const counts = sockets.map((socket) => keepAsking(socket, request, until));
      // Never lets this process sleep: otherwise the server would also spend CPU time on waking it, and a slower server
      // would have to wake it more often.
      let asking = true;
      const stayAwake = () => void (asking && setImmediate(stayAwake));
      stayAwake();
      try {
        return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      } finally {
        asking = false;
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * @param {net.Socket} socket
 * @param {Buffer} request
 * @param {number} until
 * @returns {Promise<number>}
 */
function keepAsking(socket, request, until) {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let ended = answerEnd();
    const onData = (/** @type {Buffer} */ data) => {
      if (!ended(data)) return;
      answers++;
      if (performance.now() >= until) {
        socket.off('data', onData).off('error', reject).off('end', onEnd);
        resolve(answers);
        return;
      }
      ended = answerEnd();
      socket.write(request);
    };
    const onEnd = () => reject(new Error('The server closed a connection.'));
    socket.on('data', onData).on('error', reject).on('end', onEnd);
    socket.write(request);
  });
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Creates a function that finds the end of one response in the data from a socket.
 *
 * @returns {(data: Buffer) => boolean} returns true if the data completes the response
 */
function answerEnd() {
  /** @type {Buffer} */
  let head = Buffer.alloc(0);
  /** @type {Buffer} */
  let last = Buffer.alloc(0);
  /** @type {number | undefined} */
  let missing;
  let chunked = false;

  return (data) => {
    if (missing === undefined) {
      head = head.length === 0 ? data : Buffer.concat([head, data]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return false;
      const text = head.toString('latin1', 0, end);
      if (!/^HTTP\/1.1 [234]/.test(text)) throw new Error(text);
      chunked = /\r\ntransfer-encoding: chunked/i.test(text);
      missing = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0) + end + 4 - head.length;
    } else {
      missing -= data.length;
    }
    if (!chunked) return missing === 0;
    last = data.length >= LAST_CHUNK.length ? data : Buffer.concat([last, data]);
    return last.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  };
}
