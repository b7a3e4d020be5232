import { MultipartParseError, parseMultipartRequest } from '@remix-run/multipart-parser';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { z } from 'zod';
import { disconnectSandboxAccount, signIn, takesCode, verifyCode } from './accounts.ts';
import { LOCAL_SMILE_LIMITS } from '../../site-limits/local-smile-limits.ts';
import { type GivenFile, receive, revokeArchive } from './archives.ts';
import { ok, failWith, EnvelopeError } from '../http/envelope.ts';
import { fileTypes, findFileType } from '../invented/file-types.ts';
import { inviteeOpened } from '../store/invites.ts';
import { samplePayslip } from '../invented/payslip.ts';
import { people } from '../invented/people.ts';
import { findProvider, initials, sandboxProviders } from '../invented/providers.ts';
import { type Env, jsonBody } from '../http/requests.ts';
import { completeSession } from './sessions.ts';
import { accountsOf, archivesOf } from '../store/sources.ts';
import type { SandboxAccount, SandboxArchive, FileFormat, User } from '../store/state.ts';
import { acceptToken } from './tokens.ts';
import type { Sandbox } from '../sandbox.ts';

type LinkEnv = Env & { Variables: { user: User; expiresInMs: number } };

/** The header that identifies one of several widgets with the same token. */
const WIDGET_HEADER = 'smile-widget';

const openSchema = z.object({ templateId: z.string().max(200).optional() });
const credentialsSchema = z.object({
  providerId: z.string(),
  userName: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});
const codeSchema = z.object({ code: z.string().min(1).max(20) });

const smallBody = bodyLimit({
  maxSize: LOCAL_SMILE_LIMITS.localSmileJsonBytes.value,
  onError: (c) => failWith(c, 'INVALID_PARAMETERS', 'The body is too large.'),
});

/**
 * The API of local Smile's own widget, under `/v1/link`. Smile's is not published, so nothing else may depend on it. It
 * is open to every origin, `null` included: the link token is the authority.
 */
export function linkRoutes(sandbox: Sandbox): Hono<LinkEnv> {
  const app = new Hono<LinkEnv>();

  app.use(cors({ origin: '*', allowHeaders: ['authorization', 'content-type', WIDGET_HEADER], maxAge: 600 }));
  app.use(async (c, next) => {
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const accepted = token && (await acceptToken(sandbox, token, c.req.header(WIDGET_HEADER) ?? ''));
    const user = accepted && sandbox.state.users.get(accepted.userId);
    if (!user) return failWith(c, 'INVALID_TOKEN', 'The link token is invalid, expired, or used by another widget.');
    c.set('user', user);
    c.set('expiresInMs', accepted.expiresInMs);
    // Each change sends events, which the site stores.
    if (c.req.method !== 'GET' && c.env?.mayChange?.() === false)
      return failWith(c, 'REQUEST_LIMIT_EXCEEDED', 'Local Smile had too many requests of this network today.');
    return next();
  });

  app.post('/open', smallBody, async (c) => {
    const { templateId } = await jsonBody(c, openSchema);
    const { id: userId } = c.get('user');
    inviteeOpened(sandbox, userId);
    return ok(c, {
      expiresInMs: c.get('expiresInMs'),
      template: (templateId && sandbox.state.winkTemplates.get(templateId)) || null,
      providers: sandboxProviders.map((provider) => ({
        id: provider.id,
        name: provider.name,
        initials: initials(provider.name),
        type: provider.type,
        accountConnection: provider.accountConnection,
        monitorSupported: provider.monitorSupported,
        loginOptions: provider.loginOptions,
      })),
      fileTypes: fileTypes
        .filter(({ inWidget }) => inWidget)
        .map(({ type, typeLabel, subTypes }) => ({ type, label: typeLabel, subTypes })),
      accounts: accountsOf(sandbox, userId)
        .filter(({ status }) => status !== 'DISCONNECTED')
        .map(shownAccount),
      archives: archivesOf(sandbox, userId)
        .filter(({ status }) => status !== 'REVOKED')
        .map(shownArchive),
      testPeople: people.map(({ userName, password, code }) => ({ userName, password, code })),
    });
  });

  app.post('/accounts', smallBody, async (c) => {
    const { providerId, ...credentials } = await jsonBody(c, credentialsSchema);
    const provider = findProvider(providerId);
    if (!provider?.accountConnection) return failWith(c, 'INVALID_PARAMETERS', 'This provider has no sign-in.');
    requireRoom(sandbox, c.get('user').id);
    const result = signIn(sandbox, c.get('user').id, provider, credentials);
    if (!result) return failWith(c, 'INVALID_PARAMETERS', 'This provider is connected already.');
    return ok(c, { ...shownAccount(result.account), created: result.created });
  });

  app.get('/accounts/:id', (c) => ok(c, shownAccount(own(c, sandbox.state.accounts))));

  app.post('/accounts/:id/code', smallBody, async (c) => {
    const { code } = await jsonBody(c, codeSchema);
    const account = own(c, sandbox.state.accounts);
    if (!verifyCode(sandbox, account, code)) {
      return failWith(c, 'INVALID_PARAMETERS', 'This account is not waiting for a verification code.');
    }
    return ok(c, shownAccount(account));
  });

  app.delete('/accounts/:id', (c) => {
    const account = own(c, sandbox.state.accounts);
    if (account.status !== 'DISCONNECTED') disconnectSandboxAccount(sandbox, account);
    return ok(c);
  });

  app.post('/archives', async (c) => {
    requireRoom(sandbox, c.get('user').id);
    const { fileType, files } = await sentFiles(c);
    const upload = { user: c.get('user'), providerId: 'user-provided', type: fileType, files } as const;
    return ok(c, shownArchive(receive(sandbox, upload)));
  });

  app.delete('/archives/:id', (c) => {
    const archive = own(c, sandbox.state.archives);
    if (archive.status !== 'REVOKED') revokeArchive(sandbox, archive);
    return ok(c);
  });

  app.get('/payslip.pdf', (c) => c.body(samplePayslip, 200, { 'content-type': 'application/pdf' }));

  app.post('/closed', (c) => {
    const user = c.get('user');
    const connected = accountsOf(sandbox, user.id).some(({ status }) => status === 'CONNECTED');
    if (connected && user.session.channel === 'Default') completeSession(sandbox, user);
    return ok(c);
  });

  app.all('*', (c) => failWith(c, 'MISSING_RESOURCE', 'There is nothing at this address.'));
  return app;
}

/** The object that a path names, if it belongs to the user. */
function own<T extends { userId: string }>(c: Context<LinkEnv>, all: Map<string, T>): T {
  const found = all.get(c.req.param('id') ?? '');
  if (found?.userId !== c.get('user').id) throw new EnvelopeError('MISSING_RESOURCE', 'There is nothing with this id.');
  return found;
}

/** A multipart form of the widget: `fileType`, and each file under its subtype. */
async function sentFiles(c: Context): Promise<{ fileType: string; files: GivenFile[] }> {
  let type: ReturnType<typeof findFileType>;
  const files: GivenFile[] = [];
  if ((c.req.header('content-type') ?? '').length > LOCAL_SMILE_LIMITS.localSmileTypeCharacters.value) throw badFiles();
  try {
    for await (const part of parseMultipartRequest(c.req.raw, FORM_BOUNDS)) {
      if (part.name === 'fileType') type = findFileType(part.text);
      // The library prints `filename*` with an unknown character set, and its own stack, each time that the name is read.
      if (/filename\*/i.test(part.headers['content-disposition'] ?? '')) throw badFiles();
      const { filename } = part;
      if (filename === undefined) continue;
      const format = /\.(pdf|png|jpe?g)$/i.exec(filename)?.[1]?.toUpperCase();
      if (!format) throw badFiles();
      const bytes = new Uint8Array(part.bytes);
      files.push({ name: filename, subType: part.name ?? '', format: format as FileFormat, bytes });
    }
  } catch (error) {
    throw error instanceof MultipartParseError ? badFiles() : error;
  }
  if (!type?.inWidget || files.length === 0) {
    throw new EnvelopeError('INVALID_PARAMETERS', 'Send at least one file, and say what it is.');
  }
  return { fileType: type.type, files };
}

const FORM_BOUNDS = {
  maxParts: LOCAL_SMILE_LIMITS.localSmileParts.value,
  maxFileSize: LOCAL_SMILE_LIMITS.localSmileFileBytes.value,
  maxHeaderSize: LOCAL_SMILE_LIMITS.localSmilePartHeaderBytes.value,
};

const badFiles = () =>
  new EnvelopeError('INVALID_PARAMETERS', 'Send up to 19 PDF, PNG or JPEG files of at most 15 MB, with short names.');

/** @throws EnvelopeError where the user has too many accounts and documents to add one */
function requireRoom(sandbox: Sandbox, userId: string): void {
  const sources = accountsOf(sandbox, userId).length + archivesOf(sandbox, userId).length;
  if (sources < LOCAL_SMILE_LIMITS.localSmileSources.value) return;
  throw new EnvelopeError('REQUEST_LIMIT_EXCEEDED', 'This user has too many accounts and documents for local Smile.');
}

function shownAccount(account: SandboxAccount) {
  const { id, providerId, status, errorCode, loginName, checking, connectedAt } = account;
  const wasConnected = connectedAt !== null;
  return { id, providerId, status, errorCode, loginName, checking, wasConnected, takesCode: takesCode(account) };
}

/** The document in `onUploadsCreated` (undocumented by Smile; the shape is ours). */
function shownArchive({ id, type, rawFiles }: SandboxArchive) {
  return { id, fileType: type, rawFiles: rawFiles.map(({ id, name, subType }) => ({ id, name, subType })) };
}
