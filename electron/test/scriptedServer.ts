/** A real HTTP server on loopback that answers as a test says, and keeps what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly path: string;
  /** the JSON of a POST */
  readonly body: Record<string, unknown>;
}

export type Reply = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export interface ScriptedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** @param replies by path; others are answered with 404 */
export async function scriptedServer(replies: Record<string, Reply>): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const path = request.url ?? '';
      asked.push({ path, body });
      const reply = replies[path];
      if (reply) await reply({ path, body }, response);
      else sendJson(response, { error: { code: 404, message: 'File Not Found' } }, 404);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += String(part);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Sends lines, each as a packet of its own as far as the system keeps them apart, and ends. */
export async function sendLines(response: ServerResponse, lines: readonly string[]): Promise<void> {
  for (const line of lines) await new Promise<void>((resolve) => response.write(line, () => resolve()));
  response.end();
}

/** An event stream's lines for JSON values and bare words. */
export function events(...values: readonly unknown[]): string[] {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`);
}

/** An address of this computer where nothing listens. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
