export interface Provider {
  id: string;
  name: string;
  initials: string;
  type: string;
  accountConnection: boolean;
}

export interface Account {
  id: string;
  providerId: string;
  status: 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED';
  errorCode: string | null;
  loginName: string;
  checking: boolean;
}

export interface Session {
  expiresInMs: number;
  providers: Provider[];
  accounts: Account[];
  testPeople: { userName: string; password: string; code: string }[];
}

/** `expired`: the token is not taken any more. `unreachable`: no answer, or none that makes sense. */
export type Answer<T> = { ok: true; data: T } | { ok: false; why: 'expired' | 'unreachable' };

export interface LinkApi {
  open(): Promise<Answer<Session>>;
  signIn(credentials: {
    providerId: string;
    userName: string;
    password: string;
  }): Promise<Answer<Account & { created: boolean }>>;
  account(id: string): Promise<Answer<Account>>;
  sendCode(id: string, code: string): Promise<Answer<Account>>;
  disconnect(id: string): Promise<Answer<undefined>>;
  /** Says that the widget is gone; nobody waits for the answer. */
  closed(): void;
}

const TIMEOUT_MS = 20_000;

/** Talks to the Link API at `base` for one widget. */
export function linkApi(base: string, token: string, widgetId: string): LinkApi {
  async function call<T>(method: string, path: string, body?: object, keepalive = false): Promise<Answer<T>> {
    try {
      const response = await fetch(`${base}/v1/link${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'smile-widget': widgetId,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        keepalive,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401) return { ok: false, why: 'expired' };
      const answer = (await response.json()) as { code?: string; data: T };
      return response.ok && answer.code === 'OK' ? { ok: true, data: answer.data } : { ok: false, why: 'unreachable' };
    } catch {
      return { ok: false, why: 'unreachable' };
    }
  }

  return {
    open: () => call('POST', '/open'),
    signIn: (credentials) => call('POST', '/accounts', credentials),
    account: (id) => call('GET', `/accounts/${id}`),
    sendCode: (id, code) => call('POST', `/accounts/${id}/code`, { code }),
    disconnect: (id) => call('DELETE', `/accounts/${id}`),
    closed: () => void call('POST', '/closed', undefined, true),
  };
}
