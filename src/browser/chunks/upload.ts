/** Sends one file, telling how far it is; tries again by itself while the network comes and goes. */
import type { ErrorDetails, UploadedFile } from '../../contract/api.ts';
import { pause, type PageContext, type ApiError } from '../page-context.ts';

/** `message` says why it was refused; without one there was no answer. */
export type Sent = { ok: true; id: string } | { ok: false; message?: string; refusal?: ApiError };

interface Upload {
  field: string;
  file: File;
  /** Idempotency key: the same file sent twice is stored once. */
  key: string;
  /** Ends it when the person has taken the file back. */
  stop: AbortSignal;
}

const MOST_TRIES = 4;

export async function sendFile(page: PageContext, upload: Upload, progress: (percent: number) => void): Promise<Sent> {
  const keep = await page.chunk('submission');
  for (let tries = 0; tries < MOST_TRIES && !upload.stop.aborted; tries++) {
    if (tries) await pause();
    await keep.start();
    const sent = page.device.state.id ? await once(page, upload, progress) : undefined;
    if (sent && !sent.ok && sent.refusal?.code === 'already_submitted') keep.refused('', sent.refusal);
    if (sent) return sent;
  }
  return { ok: false };
}

/** One try. `fetch` cannot tell how much has gone, so this is the older way. */
function once({ data, device }: PageContext, { field, file, key, stop }: Upload, progress: (percent: number) => void) {
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
    stop.onabort = () => request.abort();
    request.onload = () => {
      const body = readJson(request.responseText);
      if (request.status === 201 || request.status === 200) done({ ok: true, id: String(body.id) });
      else if ([408, 429].includes(request.status) || request.status >= 500) done(undefined);
      else {
        const refusal = { status: request.status, code: '', message: '', ...body.error };
        done({ ok: false, message: refusal.fields?.[field] ?? refusal.message, refusal });
      }
    };
    request.send(file);
  });
}

type Body = Partial<UploadedFile> & { error?: Partial<ErrorDetails> };

function readJson(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
