import { Hono } from 'hono';
import { ok } from '../http/envelope.ts';
import { fileTypes, type SandboxFileType } from '../invented/file-types.ts';
import { baseFor, type Env } from '../http/requests.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

export function fileTypeRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/fileTypes', (c) => {
    const all = fileTypes.map((fileType) => shown(fileType, baseFor(c, sandbox)));
    const { nextCursor, items } = pageOf(c, all.toReversed(), {
      equal: {
        type: ({ type }) => type,
        active: ({ active }) => String(active),
        enabled: ({ enabled }) => String(enabled),
        ocr: ({ ocr }) => String(ocr),
      },
    });
    return ok(c, { nextCursor, items: items.map(({ id: _, ...fileType }) => fileType) });
  });

  return app;
}

/** `FileType` of Smile's OpenAPI document, with an id for paging. */
function shown({ type, typeLabel, inWidget, byApi, ocr, supported }: SandboxFileType, base: string) {
  const usable = inWidget || byApi;
  return {
    id: type,
    logoUrl: `${base}/logos/${type}.svg`,
    type,
    typeLabel,
    active: usable,
    enabled: usable,
    ocr,
    supported: supported.length > 0 ? supported : ['NONE'],
  };
}
