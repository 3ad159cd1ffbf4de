// @ts-check
import net from 'node:net';

/**
 * Asks a server for one page again and again over keep-alive connections, and counts the answers. Reads no more
 * of them than is needed to find where each ends, so that the server is the one that is measured.
 *
 * @param {number} port
 * @param {string} path
 * @param {{ connections: number, milliseconds: number, headers: Record<string, string> }} options
 * @returns {Promise<number>} how many answers came, all of them whole
 */
export async function load(port, path, { connections, milliseconds, headers }) {
  const fields = Object.entries({ host: `127.0.0.1:${port}`, ...headers });
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  const until = performance.now() + milliseconds;
  const counts = Array.from({ length: connections }, () => keepAsking(port, request, until));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/**
 * @param {number} port
 * @param {Buffer} request
 * @param {number} until
 * @returns {Promise<number>}
 */
function keepAsking(port, request, until) {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let ended = answerEnd();
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
    socket.setNoDelay();
    socket.on('data', (data) => {
      if (!ended(data)) return;
      answers++;
      if (performance.now() >= until) {
        socket.destroy();
        resolve(answers);
        return;
      }
      ended = answerEnd();
      socket.write(request);
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('The server closed a connection.')));
  });
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Finds the end of one answer in the pieces that come.
 *
 * @returns {(data: Buffer) => boolean} whether this piece is the last
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
      if (!/^HTTP\/1.1 [24]/.test(text)) throw new Error(text);
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
