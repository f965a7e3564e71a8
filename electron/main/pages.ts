import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { protocol, session, type Session } from 'electron';

/** The scheme of the window's own pages. Nothing else is ever loaded. */
export const SCHEME = 'crossover';
export const LAB_ORIGIN = `${SCHEME}://lab`;
const REPORT_HOST = 'report';

const LAB_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  `frame-src ${SCHEME}://${REPORT_HOST}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const REPORT_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  `frame-ancestors ${LAB_ORIGIN}`,
].join('; ');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before Electron is ready: makes `crossover:` a scheme with an origin of its own. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Serves the built window from `crossover://lab/` and the preview of a report from `crossover://report/STUDY`,
 * each under its own strict content security policy.
 * @param folder the folder of the built window
 * @param reportHtml makes the report of a study
 */
export function servePages(folder: string, reportHtml: (study: string) => string): void {
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    try {
      if (url.host === REPORT_HOST) {
        return answer(reportHtml(decodeURIComponent(url.pathname.slice(1))), TYPES['.html']!, REPORT_POLICY);
      }
      const path = normalize(decodeURIComponent(url.pathname));
      if (url.host !== 'lab' || path.includes('..')) return new Response('Not found', { status: 404 });
      const file = path === '/' || path === '\\' ? 'index.html' : path;
      const type = TYPES[extname(file)];
      if (type === undefined) return new Response('Not found', { status: 404 });
      return answer(await readFile(join(folder, file)), type, LAB_POLICY);
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}

function answer(body: string | Buffer<ArrayBuffer>, type: string, policy: string): Response {
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    },
  });
}

/** Text may be put on the clipboard; nothing is ever read from it. */
const COPYING = 'clipboard-sanitized-write';

/**
 * Lets nothing leave and nothing in: requests to any other origin are cancelled, permissions are refused, but for
 * copying to the clipboard.
 * @param development the address of the development server, when there is one
 */
export function closeTheDoors(development: string | undefined, of: Session = session.defaultSession): void {
  const allowed = development === undefined ? undefined : new URL(development).host;
  of.webRequest.onBeforeRequest((details, decide) => {
    const url = new URL(details.url);
    const own = [`${SCHEME}:`, 'devtools:', 'data:', 'blob:'].includes(url.protocol);
    decide({ cancel: !own && url.host !== allowed });
  });
  of.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === COPYING));
  of.setPermissionCheckHandler((_contents, permission) => permission === COPYING);
}
