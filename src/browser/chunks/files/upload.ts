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
  /** Cancels the upload when the person removes the file, unless the server may have stored it. */
  cancel: AbortSignal;
  /** Whether all of the file was sent, so that the server may have stored it. Its answer has the id with which it is deleted. */
  mayBeStored?: boolean;
}

const MAX_ATTEMPTS = 4;

/**
 * The time without progress after which a connection counts as lost, in ms. A slow phone needs a minute for the last bytes,
 * which its system has taken already.
 */
const SILENT_MS = 90_000;

/** A browser may report that all was sent this much later than the server has it. In ms. */
const REPORT_MS = 2_000;

export async function sendFile(page: PageContext, upload: Upload, progress: (percent: number) => void): Promise<Sent> {
  const submission = await page.chunk('submission');
  for (let attempts = 0; attempts < MAX_ATTEMPTS && (upload.mayBeStored || !upload.cancel.aborted); attempts++) {
    if (attempts) await pause();
    await submission.start();
    const sent = page.device.state.id ? await attempt(page, upload, progress) : undefined;
    const refusal = sent && !sent.ok ? sent.refusal : undefined;
    const isGone = refusal?.code === 'unknown_submission';
    if (refusal && (isGone || refusal.code === 'already_submitted')) submission.refused('', refusal);
    if (sent && !isGone) return sent;
  }
  return { ok: false };
}

/** One attempt. `XMLHttpRequest`, since `fetch` has no upload progress. */
function attempt({ data, device }: PageContext, upload: Upload, progress: (percent: number) => void) {
  const { field, file, key, cancel } = upload;
  return new Promise<Sent | undefined>((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${data.api}/api/submissions/${device.state.id}/files?field=${field}`);
    request.setRequestHeader('authorization', `Bearer ${device.state.token}`);
    request.setRequestHeader('content-language', data.language);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.setRequestHeader('idempotency-key', key);
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENT_MS);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      wait();
      progress(Math.round((loaded / total) * 100));
    };
    request.onloadend = () => clearTimeout(timer);
    request.onerror = request.onabort = () => done(undefined);
    request.upload.onload = () => (upload.mayBeStored = true);
    cancel.onabort = () => setTimeout(() => upload.mayBeStored || request.abort(), REPORT_MS);
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
    wait();
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
