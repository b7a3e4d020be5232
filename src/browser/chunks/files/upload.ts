/** Uploads one file with progress. Retries while the network is unreliable. */
import type { ErrorDetails, UploadedFile } from '../../../contract/api.ts';
import { pause, type PageContext, type ServerError } from '../../page-context.ts';

/** `message` is the refusal; without it there was no answer. */
export type Sent = { ok: true; id: string } | { ok: false; message?: string; refusal?: ServerError };

interface Upload {
  field: string;
  file: File;
  /** Idempotency key: the same file sent twice is stored once. */
  key: string;
  /** Cancels the upload when the person removes the file. */
  cancel: AbortSignal;
}

const MAX_ATTEMPTS = 4;

export async function sendFile(page: PageContext, upload: Upload, progress: (percent: number) => void): Promise<Sent> {
  const submission = await page.chunk('submission');
  for (let attempts = 0; attempts < MAX_ATTEMPTS && !upload.cancel.aborted; attempts++) {
    if (attempts) await pause();
    await submission.start();
    const sent = page.device.state.id ? await attempt(page, upload, progress) : undefined;
    if (sent && !sent.ok && sent.refusal?.code === 'already_submitted') submission.refused('', sent.refusal);
    if (sent) return sent;
  }
  return { ok: false };
}

/** One attempt. `XMLHttpRequest`, since `fetch` has no upload progress. */
function attempt(
  { data, device }: PageContext,
  { field, file, key, cancel }: Upload,
  progress: (percent: number) => void,
) {
  return new Promise<Sent | undefined>((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${data.api}/api/submissions/${device.state.id}/files?field=${field}`);
    request.setRequestHeader('authorization', `Bearer ${device.state.token}`);
    request.setRequestHeader('content-language', data.language);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.setRequestHeader('idempotency-key', key);
    request.timeout = 300_000;
    request.upload.onprogress = ({ loaded, total }) => progress(Math.round((loaded / total) * 100));
    request.onerror = request.ontimeout = request.onabort = () => done(undefined);
    cancel.onabort = () => request.abort();
    request.onload = () => {
      const body = readJson(request.responseText);
      if (body.id) done({ ok: true, id: body.id });
      // Neither an id nor an error is the answer of another server.
      else if (!body.error?.code || [408, 429].includes(request.status) || request.status >= 500) done(undefined);
      else {
        const refusal = { status: request.status, ...body.error };
        done({ ok: false, message: refusal.fields?.[field] ?? refusal.message, refusal });
      }
    };
    request.send(file);
  });
}

type Body = Partial<UploadedFile> & { error?: ErrorDetails };

function readJson(text: string): Body {
  try {
    return (JSON.parse(text) as Body | null) ?? {};
  } catch {
    return {};
  }
}
