/**
 * A model server over HTTP: requests without any time limit but the caller's abort, and every failure as a sentence.
 * Node's own client rather than fetch, which gives up on a server that thinks for five minutes.
 */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { z } from 'zod';
import { LabError } from '#core/errors';

const CONNECT_LIMIT_MS = 10_000;
/** of what a server said, enough for a sentence */
const QUOTED_CHARACTERS = 200;
/** An answer that is read whole must not be larger; a list of models is far smaller. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/** What a name, an address or a certificate can do wrong before anything is answered. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

export class ModelServer {
  /** with neither a slash nor "/v1" at its end */
  readonly url: string;

  /**
   * @param name for sentences: "Ollama"
   * @throws LabError "bad-setting" where the address is not one
   */
  constructor(
    readonly name: string,
    url: string,
  ) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || !/^https?:$/.test(parsed.protocol)) {
      throw new LabError(
        'bad-setting',
        `"${url}" is not the address of a server. Nothing was sent.`,
        'Give one such as http://127.0.0.1:8080.',
      );
    }
    this.url = `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '').replace(/\/v1$/, '');
  }

  /**
   * Sends a request and reads its answer whole.
   * @throws LabError "engine-unreachable", "engine-failed", "interrupted"
   */
  async json<T>(
    path: string,
    schema: z.ZodType<T>,
    { body, signal }: { body?: unknown; signal: AbortSignal },
  ): Promise<T> {
    const response = await this.#send(path, body, signal);
    return this.parse(await this.#text(response, signal), schema);
  }

  /**
   * Sends a request and gives the lines of its answer as they come, without empty ones.
   * @throws LabError "engine-unreachable", "engine-failed" (a failing server, a line that is cut), "interrupted"
   */
  async *lines(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.#send(path, body, signal);
    response.setEncoding('utf8');
    let rest = '';
    try {
      for await (const part of response) {
        const pieces = (rest + String(part)).split('\n');
        rest = pieces.pop() ?? '';
        for (const piece of pieces) {
          const line = piece.trim();
          if (line !== '') yield line;
        }
      }
    } catch (thrown) {
      throw this.#failure(thrown, signal);
    } finally {
      response.destroy();
    }
    if (rest.trim() !== '') yield rest.trim();
  }

  /** @throws LabError "engine-failed", with what the server said instead */
  parse<T>(text: string, schema: z.ZodType<T>): T {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.failed(`did not answer in JSON but with "${quoted(text)}"`);
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw this.failed(`answered "${quoted(text)}", which is not what it is documented to answer`);
  }

  /** @param what follows the server's name in the sentence */
  failed(what: string, status?: number): ServerFailure {
    return new ServerFailure(
      `${this.name} at ${this.url} ${what}. The trials before are kept.`,
      `Look at the server's own log, and check that ${this.url} is ${this.name}.`,
      status,
    );
  }

  async #send(path: string, body: unknown, signal: AbortSignal): Promise<IncomingMessage> {
    let response: IncomingMessage;
    try {
      response = await exchange(`${this.url}${path}`, body, signal);
    } catch (thrown) {
      throw this.#failure(thrown, signal);
    }
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const said = saidIn(await this.#text(response, signal));
    throw this.failed(`answered ${status}${said === '' ? '' : `: ${said}`}`, status);
  }

  async #text(response: IncomingMessage, signal: AbortSignal): Promise<string> {
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const part of response) {
        parts.push(part as Buffer);
        bytes += (part as Buffer).length;
        if (bytes > LARGEST_ANSWER_BYTES) break;
      }
    } catch (thrown) {
      throw this.#failure(thrown, signal);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #failure(thrown: unknown, signal: AbortSignal): LabError {
    if (thrown instanceof LabError) return thrown;
    if (signal.aborted) {
      return new LabError(
        'interrupted',
        'The query was interrupted. The trials before it are kept.',
        'Resume the run to measure it again.',
      );
    }
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const reason = thrown instanceof Error && thrown.message !== '' ? thrown.message : code;
    if (!UNREACHABLE.test(code))
      return this.failed(`closed the connection in the middle of its answer (${reason})`);
    return new LabError(
      'engine-unreachable',
      `${this.name} cannot be reached at ${this.url} (${reason}). The trials before are kept.`,
      `Start it, or say where it is with its address.`,
      { cause: thrown },
    );
  }
}

/** A server that answered, but not well. */
export class ServerFailure extends LabError {
  constructor(
    message: string,
    hint: string,
    /** the HTTP status, where that was the trouble */
    readonly status?: number,
  ) {
    super('engine-failed', message, hint);
  }
}

/** Resolves with the answer's head. */
function exchange(url: string, body: unknown, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
      method: text === undefined ? 'GET' : 'POST',
      agent: false,
      signal,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    const limit = setTimeout(
      () => request.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })),
      CONNECT_LIMIT_MS,
    );
    const connected = () => clearTimeout(limit);
    request.once('socket', (socket) => socket.once('connect', connected));
    request.once('error', (error) => {
      connected();
      reject(error);
    });
    request.once('response', (response) => {
      connected();
      resolve(response);
    });
    request.end(text);
  });
}

/** The message in an answer that is an error, in the forms that servers use, or the beginning of its text. */
function saidIn(text: string): string {
  try {
    const value = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const { error } = value;
    const nested = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    const said = nested ?? value.message ?? value.detail;
    if (typeof said === 'string') return quoted(said);
  } catch {
    // Not JSON: the text itself is what it said.
  }
  return quoted(text);
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > QUOTED_CHARACTERS ? `${line.slice(0, QUOTED_CHARACTERS)}…` : line;
}
