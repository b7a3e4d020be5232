export interface WidgetProvider {
  id: string;
  name: string;
  initials: string;
  type: string;
  accountConnection: boolean;
  monitorSupported: boolean;
  loginOptions: WidgetLogin[];
}

export type WidgetLogin = 'EMAIL' | 'MOBILE' | 'SS_NUMBER';

export interface WidgetAccount {
  id: string;
  providerId: string;
  status: 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED';
  errorCode: string | null;
  loginName: string;
  checking: boolean;
  /** Whether the provider ever connected it. */
  wasConnected: boolean;
  takesCode: boolean;
}

/** A kind of document, and the files that it consists of. */
export interface WidgetFileType {
  type: string;
  label: string;
  subTypes: { type: string; label: string }[];
}

/** The document in `onUploadsCreated` and `onUploadsRemoved`. */
export interface WidgetArchive {
  id: string;
  fileType: string;
  rawFiles: { id: string; name: string; subType: string | null }[];
}

export interface WidgetSession {
  expiresInMs: number;
  /** The options of the template; null if there is no such template. */
  template: Record<string, unknown> | null;
  providers: WidgetProvider[];
  fileTypes: WidgetFileType[];
  accounts: WidgetAccount[];
  archives: WidgetArchive[];
  testPeople: { userName: string; password: string; code: string }[];
}

/** `expired`: the token is no longer valid. `unreachable`: no answer, or an unusable one. */
export type LinkAnswer<T> = { ok: true; data: T } | { ok: false; why: 'expired' | 'unreachable' };

export interface LinkApi {
  open(templateId: string | undefined): Promise<LinkAnswer<WidgetSession>>;
  signIn(credentials: {
    providerId: string;
    userName: string;
    password: string;
  }): Promise<LinkAnswer<WidgetAccount & { created: boolean }>>;
  account(id: string): Promise<LinkAnswer<WidgetAccount>>;
  sendCode(id: string, code: string): Promise<LinkAnswer<WidgetAccount>>;
  disconnect(id: string): Promise<LinkAnswer<true>>;
  /** Sends a document, each file under the name of its part. */
  upload(fileType: string, files: Map<string, File>): Promise<LinkAnswer<WidgetArchive>>;
  remove(archiveId: string): Promise<LinkAnswer<true>>;
  /** The one document that test mode can read; undefined if it cannot be loaded. */
  samplePayslip(): Promise<File | undefined>;
  /** Reports that the widget is closed, without waiting for the answer. */
  closed(): void;
}

const TIMEOUT_MS = 20_000;
/** 15 MB at a slow phone's 1 Mbit/s. */
const UPLOAD_TIMEOUT_MS = 180_000;

/** A client of the Link API at `base`, for one widget. */
export function linkApi(base: string, token: string, widgetId: string): LinkApi {
  function send(method: string, path: string, body?: object | FormData, more: RequestInit = {}) {
    const json = body && !(body instanceof FormData);
    return fetch(`${base}/v1/link${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'smile-widget': widgetId,
        ...(json && { 'content-type': 'application/json' }),
      },
      ...(body && { body: json ? JSON.stringify(body) : body }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...more,
    });
  }

  async function call<T>(...request: Parameters<typeof send>): Promise<LinkAnswer<T>> {
    try {
      const response = await send(...request);
      if (response.status === 401) return { ok: false, why: 'expired' };
      const answer = (await response.json()) as { code?: string; data: T };
      return response.ok && answer.code === 'OK' ? { ok: true, data: answer.data } : { ok: false, why: 'unreachable' };
    } catch {
      return { ok: false, why: 'unreachable' };
    }
  }

  async function done(...request: Parameters<typeof send>): Promise<LinkAnswer<true>> {
    const answer = await call<undefined>(...request);
    return answer.ok ? { ok: true, data: true } : answer;
  }

  return {
    open: (templateId) => call('POST', '/open', { templateId }),
    signIn: (credentials) => call('POST', '/accounts', credentials),
    account: (id) => call('GET', `/accounts/${id}`),
    sendCode: (id, code) => call('POST', `/accounts/${id}/code`, { code }),
    disconnect: (id) => done('DELETE', `/accounts/${id}`),
    upload(fileType, files) {
      const form = new FormData();
      form.append('fileType', fileType);
      for (const [part, file] of files) form.append(part, file);
      return call('POST', '/archives', form, { signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
    },
    remove: (archiveId) => done('DELETE', `/archives/${archiveId}`),
    async samplePayslip() {
      const response = await send('GET', '/payslip.pdf').catch(() => undefined);
      if (!response?.ok) return undefined;
      return new File([await response.blob()], 'payslip.pdf', { type: 'application/pdf' });
    },
    closed: () => void call('POST', '/closed', undefined, { keepalive: true }),
  };
}
